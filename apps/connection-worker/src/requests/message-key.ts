import type { EventMessage } from '@flotilla/contracts';
import { isJidGroup, isJidStatusBroadcast, type WAMessageKey } from '@whiskeysockets/baileys';

/** The key by which WhatsApp knows a message. */
export function keyOf({ id, chat, fromMe, sender }: EventMessage): WAMessageKey {
  const hasAuthor = isJidGroup(chat) || isJidStatusBroadcast(chat);
  return { id, remoteJid: chat, fromMe, ...(hasAuthor && !fromMe ? { participant: sender.jid } : {}) };
}
