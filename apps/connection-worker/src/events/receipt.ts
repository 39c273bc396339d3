import type { MessageStatus } from '@flotilla/contracts';
import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  isJidGroup,
  isJidStatusBroadcast,
} from '@whiskeysockets/baileys';
import { isMe, type Me, userJid } from './party.ts';

/** What a receipt says about messages that this number sent. */
export interface Receipt {
  messageIds: string[];
  chat: string;
  status: Extract<MessageStatus, 'delivered' | 'read' | 'played'>;
  /** Whose receipt it is, in a group or of the audience of a status. */
  participant?: string;
  /** Unix ms, by WhatsApp's clock. */
  at: number;
}

/**
 * Receipt types of WhatsApp that a sender cares about. No type means delivered; the others (`sender`, `retry`,
 * `inactive`, `peer_msg`, `hist_sync`…) are between devices.
 */
const statuses: Record<string, Receipt['status']> = { '': 'delivered', read: 'read', played: 'played' };

/** Reads a `<receipt>` stanza; undefined if it is none that tells a sender something. */
export function readReceipt(receipt: BinaryNode): Receipt | undefined {
  const { attrs } = receipt;
  const status = statuses[attrs.type ?? ''];
  // With a recipient it is about a message that another device of this number has seen, not one that we sent.
  if (!status || !attrs.id || !attrs.from || attrs.recipient) return undefined;
  const isShared = isJidGroup(attrs.from) || isJidStatusBroadcast(attrs.from);
  return {
    messageIds: idsOf(receipt),
    chat: attrs.from,
    status,
    ...(isShared && attrs.participant ? { participant: userJid(attrs.participant) } : {}),
    at: Number(attrs.t ?? 0) * 1_000,
  };
}

/** The chat that another device of this number has read up to here; undefined if the receipt says something else. */
export function readElsewhere({ attrs }: BinaryNode, me: Me): string | undefined {
  const { type, from, participant, recipient } = attrs;
  if (!from) return undefined;
  const isOwn = type === 'read-self' || (type === 'read' && isMe(participant ?? from, me));
  if (!isOwn) return undefined;
  const chat = userJid(recipient ?? from);
  return isMe(chat, me) && !recipient ? undefined : chat;
}

/** The first id is an attribute, the others are a list. */
function idsOf({ attrs, content }: BinaryNode): string[] {
  const list = Array.isArray(content) ? getBinaryNodeChild({ tag: 'receipt', attrs, content }, 'list') : undefined;
  const more = list ? getBinaryNodeChildren(list, 'item').flatMap(({ attrs: { id } }) => (id ? [id] : [])) : [];
  return attrs.id ? [attrs.id, ...more] : more;
}
