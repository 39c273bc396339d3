import type { MessageStatus } from '@flotilla/contracts';
import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';

/** What a receipt says about messages that this instance sent. */
export interface Receipt {
  messageIds: string[];
  chat: string;
  status: Extract<MessageStatus, 'delivered' | 'read' | 'played'>;
}

/**
 * Receipt types of WhatsApp that a sender cares about. No type means delivered; the others (`sender`, `retry`,
 * `inactive`, `peer_msg`, `hist_sync`…) are between devices.
 */
const statuses: Record<string, Receipt['status']> = { '': 'delivered', read: 'read', played: 'played' };

/** Reads a `<receipt>` stanza; undefined if it is none that tells a sender something. */
export function readReceipt({ attrs, content }: BinaryNode): Receipt | undefined {
  const status = statuses[attrs.type ?? ''];
  // With a recipient it is about a message that another device of this number has seen, not one that we sent.
  if (!status || !attrs.id || !attrs.from || attrs.recipient) return undefined;
  const list = Array.isArray(content) ? getBinaryNodeChild({ tag: 'receipt', attrs, content }, 'list') : undefined;
  const more = list ? getBinaryNodeChildren(list, 'item').flatMap(({ attrs: { id } }) => (id ? [id] : [])) : [];
  return { messageIds: [attrs.id, ...more], chat: attrs.from, status };
}
