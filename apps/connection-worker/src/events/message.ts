import type { EventMessage, NewEvent } from '@flotilla/contracts';
import {
  type BinaryNode,
  decodeMessageNode,
  getContentType,
  isLidUser,
  isPnUser,
  jidDecode,
  proto,
} from '@whiskeysockets/baileys';

/** A message as it was decrypted, with the stanza that brought it. */
export interface DecryptedMessage {
  stanza: BinaryNode;
  /** `proto.Message` without padding. */
  plaintext: Uint8Array;
}

/** Whose messages these are. */
export interface Me {
  /** Phone number JID of the instance's device. */
  jid: string;
  /** Its LID. */
  lid: string;
}

const digits = (jid: string | undefined | null) => (jid && isPnUser(jid) ? jidDecode(jid)?.user : undefined);
const lidOf = (jid: string | undefined | null) => (jid && isLidUser(jid) ? `${jidDecode(jid)?.user}@lid` : undefined);

/** Content that WhatsApp clients exchange among themselves and no person wrote. */
const silentKinds = new Set([
  'senderKeyDistributionMessage',
  'fastRatchetKeySenderKeyDistributionMessage',
  'messageContextInfo',
]);

/**
 * The event of a decrypted message, or undefined if it holds nothing that a tenant can use (key distribution, protocol
 * messages between a phone and its devices).
 *
 * It is made from the stanza and the plaintext alone, so that it can be stored in the very commit that stores the
 * Signal session: whoever dies afterwards, the message is not lost.
 */
export function messageEvent({ stanza, plaintext }: DecryptedMessage, me: Me, now: number): NewEvent | undefined {
  const { fullMessage, author } = decodeMessageNode(stanza, me.jid, me.lid);
  const decoded = proto.Message.decode(plaintext);
  // A copy of what another device of this number sent.
  const content = decoded.deviceSentMessage?.message ?? decoded;
  const kind = contentKind(content);
  if (kind === undefined || kind === 'protocolMessage') return undefined;

  const { key } = fullMessage;
  const addresses = key.fromMe ? [me.jid, me.lid] : [author, key.participantAlt ?? key.remoteJidAlt];
  const message: EventMessage = {
    id: key.id ?? '',
    chat: key.remoteJid ?? '',
    fromMe: key.fromMe ?? false,
    sender: {
      jid: author,
      phone: addresses.map(digits).find(Boolean),
      lid: addresses.map(lidOf).find(Boolean),
      pushName: fullMessage.pushName ?? undefined,
    },
    timestamp: Number(fullMessage.messageTimestamp ?? 0) * 1_000,
    kind: kind === 'conversation' || kind === 'extendedTextMessage' ? 'text' : 'other',
    type: kind,
    text: textOf(content),
    quotedId: content.extendedTextMessage?.contextInfo?.stanzaId ?? undefined,
  };
  return {
    type: 'messages.upsert',
    occurredAt: now,
    // Baileys' word for what waited at the server while the device was away.
    data: { type: stanza.attrs.offline === undefined ? 'notify' : 'append', message },
  };
}

function contentKind(content: proto.IMessage): string | undefined {
  const kind = getContentType(content);
  return kind === undefined || silentKinds.has(kind) ? undefined : kind;
}

const textOf = (content: proto.IMessage) =>
  content.conversation ||
  content.extendedTextMessage?.text ||
  content.imageMessage?.caption ||
  content.videoMessage?.caption ||
  undefined;
