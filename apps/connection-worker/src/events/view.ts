import type { EventMessage } from '@flotilla/contracts';
import { proto } from '@whiskeysockets/baileys';
import { contextView } from './context.ts';
import type { Envelope } from './envelope.ts';
import type { IncomingFile } from './file.ts';
import { contentView } from './kinds.ts';
import { typeOf, unwrap } from './unwrap.ts';

/** A message as tenants see it, and what is needed to fetch its file. */
export interface MessageView {
  message: EventMessage;
  /** Only if it is to be fetched. */
  file?: IncomingFile;
}

export interface ViewOptions {
  /** Whether a file of this size (bytes, if the sender says it) is to be fetched. */
  fetches: (size: number | undefined) => boolean;
  /** Adds the message as Baileys has it. */
  raw?: boolean;
}

/** The flat view of a message. @param message with or without its wrappers */
export function messageView(envelope: Envelope, message: proto.IMessage, options: ViewOptions): MessageView {
  const { content, viewOnce } = unwrap(message);
  const { file: found, viewOnce: marked, ...view } = contentView(content);
  const isFetched = found !== undefined && canBeFetched(found.file) && options.fetches(found.file.size);
  return {
    message: {
      id: envelope.id,
      chat: envelope.chat,
      fromMe: envelope.fromMe,
      sender: envelope.sender,
      timestamp: envelope.at,
      type: typeOf(content),
      ...view,
      ...contextView(content),
      viewOnce: viewOnce || marked || undefined,
      media: found && { status: isFetched ? 'pending' : 'skipped', ...found.about },
      raw: options.raw ? rawMessage(envelope, message) : undefined,
    },
    file: isFetched ? found.file : undefined,
  };
}

const canBeFetched = ({ url, directPath }: IncomingFile) => url !== undefined || directPath !== undefined;

/** A message that could not be decrypted, or whose content only the phone shows. */
export const unreadableView = (envelope: Envelope, { viewOnce }: { viewOnce: boolean }): EventMessage => ({
  id: envelope.id,
  chat: envelope.chat,
  fromMe: envelope.fromMe,
  sender: envelope.sender,
  timestamp: envelope.at,
  kind: 'unreadable',
  viewOnce: viewOnce || undefined,
});

/** The message as Baileys has it (`WebMessageInfo`) in JSON: bytes as base64, large numbers as text. */
function rawMessage({ id, chat, fromMe, sender, at }: Envelope, message: proto.IMessage): Record<string, unknown> {
  const isGroup = sender.jid !== chat;
  return proto.WebMessageInfo.fromObject({
    key: { remoteJid: chat, id, fromMe, ...(isGroup ? { participant: sender.jid } : {}) },
    message,
    messageTimestamp: at / 1_000,
    pushName: sender.pushName,
  }).toJSON();
}
