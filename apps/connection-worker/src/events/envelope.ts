import type { Party } from '@flotilla/contracts';
import {
  type BinaryNode,
  decodeMessageNode,
  isJidBroadcast,
  isJidStatusBroadcast,
  type WAMessage,
} from '@whiskeysockets/baileys';
import { isMe, type Me, myself, partyOf, userJid } from './party.ts';

/** Who wrote a message, where and when: everything but its content. */
export interface Envelope {
  id: string;
  /** JID of the chat, without device. */
  chat: string;
  /** The chat by each address that it is known by. */
  chats: string[];
  fromMe: boolean;
  sender: Party;
  /** Unix ms, by WhatsApp's clock. */
  at: number;
  /** It waited at the server while the device was away. */
  offline: boolean;
}

/**
 * Reads the attributes of a `<message>` stanza.
 * @throws Boom if the stanza is none that a server of WhatsApp sends
 */
export function envelopeOf(stanza: BinaryNode, me: Me): Envelope {
  const { fullMessage } = decodeMessageNode(stanza, me.jid, me.lid);
  return { ...envelopeOfMessage(fullMessage as WAMessage, me), offline: stanza.attrs.offline !== undefined };
}

/** The same of a message that Baileys has put together: out of the history, or of a newsletter. */
export function envelopeOfMessage(
  {
    key,
    participant,
    pushName,
    messageTimestamp,
  }: Pick<WAMessage, 'key' | 'participant' | 'pushName' | 'messageTimestamp'>,
  me: Me,
): Envelope {
  const jid = key.remoteJid ?? '';
  const author = key.participant ?? participant;
  const fromMe = key.fromMe ?? false;
  const isList = isJidBroadcast(jid) && !isJidStatusBroadcast(jid);
  // What comes by somebody's broadcast list stands in the chat with them, on phones too.
  const chat = userJid(isList && !fromMe && author ? author : jid);
  // Beside a status or a list it is the author's other address, too.
  const others = [key.participantAlt, key.remoteJidAlt];
  return {
    id: key.id ?? '',
    chat,
    chats: [...new Set([chat, author && !isList ? '' : userJid(key.remoteJidAlt)])].filter(Boolean),
    fromMe,
    sender: fromMe
      ? myself(me, author && isMe(author, me) ? author : undefined, pushName)
      : partyOf(author ?? jid, others, pushName),
    at: Number(messageTimestamp ?? 0) * 1_000,
    offline: false,
  };
}
