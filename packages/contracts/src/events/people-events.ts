import Type from 'typebox';
import { Party } from '../message.ts';
import { Chat, Contact } from '../people.ts';

/** Payloads of everything that happens to chats and contacts. */
export const peopleEvents = {
  'presence.update': Type.Object(
    {
      chat: Type.String({ description: 'JID' }),
      participant: Party,
      presence: Type.Enum(['available', 'unavailable', 'composing', 'recording', 'paused']),
      lastSeen: Type.Optional(Type.Integer({ description: 'Unix ms, if they show it' })),
    },
    {
      description:
        'Somebody came online, went, types or records. Only while connected, of chats that were subscribed to',
    },
  ),
  'chats.upsert': Type.Object({ chats: Type.Array(Chat) }, { description: 'Chats that are new here' }),
  'chats.update': Type.Object(
    { chats: Type.Array(Type.Partial(Chat, { description: 'What changed, and `jid`' })) },
    { description: 'Chats were archived, pinned, muted, read… on one of the devices' },
  ),
  'chats.delete': Type.Object({ jids: Type.Array(Type.String()) }, { description: 'Chats were deleted' }),
  'contacts.upsert': Type.Object({ contacts: Type.Array(Contact) }, { description: 'Contacts that are new here' }),
  'contacts.update': Type.Object(
    { contacts: Type.Array(Type.Partial(Contact)) },
    { description: 'Contacts changed their name, or their picture (`picture`: `changed` or `removed`)' },
  ),
  'lid-mapping.update': Type.Object(
    { lid: Type.String(), phone: Type.String({ description: 'Digits only' }) },
    { description: 'It became known which phone number a LID belongs to' },
  ),
  'blocklist.update': Type.Object(
    { type: Type.Enum(['add', 'remove']), jids: Type.Array(Type.String()) },
    { description: 'Somebody was blocked or unblocked on one of the devices' },
  ),
  call: Type.Object(
    {
      id: Type.String(),
      chat: Type.String(),
      from: Party,
      status: Type.String({
        description: '`offer`, `ringing`, `accept`, `reject`, `timeout`, `terminate`, as Baileys names it',
      }),
      video: Type.Boolean(),
      group: Type.Boolean(),
      at: Type.Integer({ description: 'Unix ms' }),
      offline: Type.Boolean({ description: 'It rang while the instance was away' }),
    },
    { description: 'Somebody calls, or a call has ended' },
  ),
  'labels.edit': Type.Object(
    { id: Type.String(), name: Type.String(), color: Type.Integer(), deleted: Type.Boolean() },
    { description: 'A label was created, changed or deleted' },
  ),
  'labels.association': Type.Object(
    {
      type: Type.Enum(['add', 'remove']),
      label: Type.String(),
      chat: Type.String(),
      messageId: Type.Optional(Type.String()),
    },
    { description: 'A label was put on a chat or message, or taken off' },
  ),
  'account.restriction': Type.Object(
    {
      kind: Type.Enum(['reachout-timelock', 'new-chat-cap']),
      active: Type.Boolean(),
      until: Type.Optional(Type.Integer({ description: 'Unix ms' })),
      type: Type.Optional(Type.String({ description: "WhatsApp's name for it" })),
      used: Type.Optional(Type.Integer()),
      total: Type.Optional(Type.Integer()),
    },
    { description: 'WhatsApp restricts the number, or warns: messages to strangers fail with code 463' },
  ),
} as const;
