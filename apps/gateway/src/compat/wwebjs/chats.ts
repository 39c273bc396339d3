import type { Chat, Contact, StoredMessage } from '@flotilla/contracts';
import { wwebJid } from '@flotilla/format';
import Type, { type Static } from 'typebox';
import { toWid, Wid } from './shapes.ts';

const orNull = Type.Union([Type.String(), Type.Null()]);

/** whatsapp-web.js' `Message`; only what is always there is named. */
export const WwebMessage = Type.Object(
  {
    id: Type.Object(
      { fromMe: Type.Boolean(), remote: Type.String(), id: Type.String(), _serialized: Type.String() },
      { additionalProperties: true },
    ),
    ack: Type.Integer({ description: '-1 failed, 0 pending, 1 server, 2 device, 3 read, 4 played' }),
    body: Type.String(),
    type: Type.String(),
    timestamp: Type.Integer({ description: 'Unix seconds' }),
  },
  { additionalProperties: true, description: "whatsapp-web.js' `Message`" },
);
export type Message = Static<typeof WwebMessage>;

/** whatsapp-web.js' `Chat`. */
export const WwebChat = Type.Object({
  id: Wid,
  name: Type.String(),
  isGroup: Type.Boolean(),
  isReadOnly: Type.Boolean(),
  unreadCount: Type.Integer({ description: '-1: marked as unread' }),
  timestamp: Type.Union([Type.Integer(), Type.Null()], { description: 'Unix seconds of the last message' }),
  archived: Type.Boolean(),
  pinned: Type.Boolean(),
  isMuted: Type.Boolean(),
  muteExpiration: Type.Integer({ description: 'Unix seconds; 0: not muted; -1: for ever' }),
  lastMessage: Type.Union([WwebMessage, Type.Null()]),
});

/** whatsapp-web.js' `Contact`. */
export const WwebContact = Type.Object({
  id: Wid,
  number: orNull,
  name: Type.Optional(Type.String()),
  pushname: Type.Optional(Type.String()),
  shortName: Type.Optional(Type.String()),
  verifiedName: Type.Optional(Type.String()),
  isBusiness: Type.Boolean(),
  isEnterprise: Type.Boolean(),
  isMe: Type.Boolean(),
  isUser: Type.Boolean(),
  isGroup: Type.Boolean(),
  isWAContact: Type.Boolean(),
  isMyContact: Type.Boolean(),
  isBlocked: Type.Boolean(),
});

const seconds = (ms: number) => Math.floor(ms / 1_000);

/** The JID under which whatsapp-web.js knows somebody: by phone number, if that is known. */
const shownJid = ({ jid, phone }: { jid: string; phone?: string }) =>
  phone === undefined ? jid : `${phone}@s.whatsapp.net`;

/** @param toMessage shows a message of the chat with this JID */
export function toChat(
  chat: Chat,
  toMessage: (message: StoredMessage, jid: string) => Message,
): Static<typeof WwebChat> {
  const jid = shownJid(chat);
  const { lastMessage: last, mutedUntil = 0, lastMessageAt } = chat;
  const wid = toWid(wwebJid(jid));
  return {
    id: wid,
    name: chat.name ?? wid.user,
    isGroup: chat.isGroup ?? false,
    isReadOnly: chat.readOnly ?? false,
    unreadCount: chat.unread ?? 0,
    timestamp: lastMessageAt === undefined ? null : seconds(lastMessageAt),
    archived: chat.archived ?? false,
    pinned: (chat.pinnedAt ?? 0) > 0,
    isMuted: mutedUntil === -1 || mutedUntil > Date.now(),
    muteExpiration: mutedUntil > 0 ? seconds(mutedUntil) : mutedUntil,
    lastMessage: last ? toMessage({ ...last, direction: last.fromMe ? 'out' : 'in' }, jid) : null,
  };
}

/** @param me digits of this number itself */
export function toContact(contact: Contact, me: string | undefined): Static<typeof WwebContact> {
  const { phone, name, pushName, verifiedName } = contact;
  const isGroup = contact.jid.endsWith('@g.us');
  const shortName = name?.split(' ')[0];
  return {
    id: toWid(wwebJid(shownJid(contact))),
    number: phone ?? null,
    ...(name !== undefined && { name }),
    ...(pushName !== undefined && { pushname: pushName }),
    ...(shortName !== undefined && { shortName }),
    ...(verifiedName !== undefined && { verifiedName }),
    isBusiness: verifiedName !== undefined,
    isEnterprise: false,
    isMe: phone !== undefined && phone === me,
    isUser: !isGroup,
    isGroup,
    isWAContact: true,
    isMyContact: name !== undefined,
    // Nobody tells a linked device whom the phone has blocked before it asks.
    isBlocked: false,
  };
}
