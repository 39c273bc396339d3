import type { EventMessage, Party } from '@flotilla/contracts';
import { contentOf } from './wa-content.ts';

/** `messageStubType` of a message that could not be decrypted. */
const ciphertextStub = 2;

/** A message's key as Baileys has it. */
export interface WaKey {
  remoteJid: string;
  fromMe: boolean;
  id: string;
  participant?: string;
  /** The other address, where the chat is known by two. */
  remoteJidAlt?: string;
  participantAlt?: string;
}

const isLid = (jid: string) => jid.endsWith('@lid');

/** Somebody's phone number JID, if the number is known, else the address that WhatsApp used; and then the other one. */
function addresses({ jid, phone, lid }: Party): [string, string | undefined] {
  if (!isLid(jid) || phone === undefined) return [jid, undefined];
  return [`${phone}@s.whatsapp.net`, lid ?? jid];
}

/**
 * The key of a message. Where WhatsApp addresses people by LID it has the phone number, if that is known: clients of
 * old know nothing else.
 */
export function waKey({ id, chat, fromMe, sender }: Pick<EventMessage, 'id' | 'chat' | 'fromMe' | 'sender'>): WaKey {
  const isDirect = /@(s\.whatsapp\.net|lid)$/.test(chat);
  const [author, authorAlt] = addresses(sender);
  if (!isDirect) return { remoteJid: chat, fromMe, id, participant: author, participantAlt: authorAlt };
  // What this number wrote says nothing of the other side but the chat.
  return fromMe ? { remoteJid: chat, fromMe, id } : { remoteJid: author, fromMe, id, remoteJidAlt: authorAlt };
}

/**
 * A message as Baileys has it (`WAMessage`) in JSON: `raw` if the instance keeps it, else put together out of the flat
 * view. `messageTimestamp` is a number of seconds.
 */
export function waMessage(message: EventMessage): object {
  const key = waKey(message);
  const messageTimestamp = Math.floor(message.timestamp / 1_000);
  const { pushName } = message.sender;
  if (message.kind === 'unreadable')
    return { key, messageTimestamp, pushName, messageStubType: ciphertextStub, messageStubParameters: [] };
  if (!message.raw) return { key, message: contentOf(message), messageTimestamp, pushName };
  const { key: _, message: content, messageTimestamp: _seconds, ...rest } = message.raw as Record<string, unknown>;
  return { key, message: content, messageTimestamp, pushName, ...rest };
}
