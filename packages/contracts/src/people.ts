import Type, { type Static } from 'typebox';
import { EventMessage } from './message.ts';

/** A chat, as the list and events show it. */
export const Chat = Type.Object(
  {
    jid: Type.String(),
    name: Type.Optional(Type.String()),
    phone: Type.Optional(Type.String({ description: 'Digits only, if known' })),
    lid: Type.Optional(Type.String()),
    isGroup: Type.Optional(Type.Boolean()),
    unread: Type.Optional(Type.Integer({ description: '-1: marked as unread' })),
    archived: Type.Optional(Type.Boolean()),
    pinnedAt: Type.Optional(Type.Integer({ description: 'Unix ms; 0: not pinned' })),
    mutedUntil: Type.Optional(Type.Integer({ description: 'Unix ms; 0: not muted; -1: for ever' })),
    ephemeralSeconds: Type.Optional(Type.Integer()),
    readOnly: Type.Optional(Type.Boolean()),
    lastMessageAt: Type.Optional(Type.Integer({ description: 'Unix ms' })),
    lastMessage: Type.Optional(EventMessage),
  },
  { $id: 'Chat' },
);
export type Chat = Static<typeof Chat>;

/** A contact, as the list and events show it. */
export const Contact = Type.Object(
  {
    jid: Type.String(),
    phone: Type.Optional(Type.String({ description: 'Digits only, if known' })),
    lid: Type.Optional(Type.String()),
    name: Type.Optional(Type.String({ description: "As this number's phone book has it" })),
    pushName: Type.Optional(Type.String({ description: 'As they call themselves' })),
    verifiedName: Type.Optional(Type.String({ description: 'Of a business' })),
    about: Type.Optional(Type.String()),
    picture: Type.Optional(Type.Enum(['changed', 'removed'])),
  },
  { $id: 'Contact' },
);
export type Contact = Static<typeof Contact>;

/** Which phone number a LID belongs to. */
export const LidMapping = Type.Object(
  {
    lid: Type.String(),
    phone: Type.String({ description: 'Digits only' }),
    source: Type.Enum(['observed', 'manual'], { description: 'Seen on WhatsApp, or added by the API' }),
    at: Type.Integer({ description: 'Unix ms' }),
    other: Type.Optional(
      Type.Object(
        { phone: Type.String(), source: Type.Enum(['observed', 'manual']), at: Type.Integer() },
        { description: 'What the other source says, if it differs: observed beats manual' },
      ),
    ),
  },
  { $id: 'LidMapping' },
);
export type LidMapping = Static<typeof LidMapping>;
