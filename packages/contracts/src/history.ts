import Type, { type Static } from 'typebox';
import { connectionStates } from './instance.ts';
import { MessageKindName, StoredMessage } from './message.ts';
import { MessageView, messageStatuses } from './messages.ts';
import { PageQuery } from './pages.ts';

const strict = { additionalProperties: false } as const;
const time = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));
const search = Type.Optional(
  Type.String({ minLength: 1, maxLength: 100, description: 'A part of a name, phone number or JID' }),
);
const before = time('Only messages from before this time (Unix ms)');
const chat = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 100,
    description: 'Only messages of this chat: a phone number, JID or LID. Either address finds the messages of both',
  }),
);

/** Which messages of a chat a list shows. */
export const ChatMessagesQuery = Type.Object(
  {
    ...PageQuery.properties,
    direction: Type.Optional(
      Type.Enum(['in', 'out'], { description: '`in`: received, `out`: sent, also from another device of the number' }),
    ),
    before,
    after: time('Only messages from after this time (Unix ms)'),
    kind: Type.Optional(MessageKindName),
    status: Type.Optional(
      Type.Enum(Object.keys(messageStatuses) as (keyof typeof messageStatuses)[], {
        description: 'Only sent messages that are now in this status',
      }),
    ),
  },
  strict,
);

/** Which messages of an instance a list shows. */
export const MessagesQuery = Type.Object({ ...ChatMessagesQuery.properties, chat }, strict);

/** Which messages are dropped from the history. */
export const ForgetQuery = Type.Object({ chat, before }, strict);

export const Forgotten = Type.Object(
  { messages: Type.Integer({ description: 'How many were dropped' }) },
  { $id: 'Forgotten' },
);

/** What became of a message, and the message itself. */
export const MessageDetails = Type.Object(
  {
    messageId: MessageView.properties.messageId,
    instance: MessageView.properties.instance,
    command: Type.Optional(Type.String({ description: 'What it was sent with, if it was sent by the API' })),
    to: Type.Optional(Type.String({ description: 'The recipient as JID, if it was sent' })),
    status: Type.Optional(MessageView.properties.status),
    error: MessageView.properties.error,
    history: Type.Optional(MessageView.properties.history),
    message: Type.Optional(StoredMessage),
  },
  { $id: 'MessageDetails' },
);
export type MessageDetails = Static<typeof MessageDetails>;

export const ChatsQuery = Type.Object(
  {
    ...PageQuery.properties,
    archived: Type.Optional(Type.Boolean({ description: 'Only those that are archived, or that are not' })),
    unread: Type.Optional(Type.Boolean({ description: 'Only those with something unread, or without' })),
    search,
  },
  strict,
);

export const ContactsQuery = Type.Object({ ...PageQuery.properties, search }, strict);

export const AddLidMapping = Type.Object(
  {
    lid: Type.String({ minLength: 1, maxLength: 100, description: '`…@lid`', examples: ['123456789012345@lid'] }),
    phone: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Phone number in international form',
      examples: ['+1 415 555 0123'],
    }),
  },
  strict,
);
export type AddLidMapping = Static<typeof AddLidMapping>;

const number = Type.Integer();
const direction = Type.Object({
  total: number,
  kinds: Type.Record(Type.String(), number, { description: 'By kind; kinds without any are left out' }),
});

/** Messages that came and went. */
export const Traffic = Type.Object({
  in: direction,
  out: direction,
  statuses: Type.Record(Type.String(), number, {
    description: 'How many of the sent messages have reached each status; one that skips a status does not count there',
  }),
  last24Hours: Type.Object({
    in: number,
    out: number,
    hours: Type.Array(Type.Object({ at: Type.Integer({ description: 'Unix ms' }), in: number, out: number }), {
      description: 'By full hours, the present one last',
    }),
  }),
  latest: Type.Object({
    in: Type.Optional(Type.Integer({ description: 'When the last message came (Unix ms)' })),
    out: Type.Optional(Type.Integer({ description: 'When the last one was sent (Unix ms)' })),
  }),
});
export type Traffic = Static<typeof Traffic>;

const stateName = Type.Enum(Object.keys(connectionStates) as (keyof typeof connectionStates)[]);

export const InstanceMetrics = Type.Object(
  {
    instance: Type.String(),
    state: stateName,
    stored: Type.Object(
      { messages: number, chats: number, contacts: number },
      { description: 'What the history holds now; a chat that is known by two addresses counts twice' },
    ),
    messages: Traffic,
  },
  { $id: 'InstanceMetrics' },
);

export const TenantMetrics = Type.Object(
  {
    instances: Type.Object({
      total: number,
      states: Type.Record(Type.String(), number, { description: 'By state of the connection' }),
    }),
    messages: Traffic,
  },
  { $id: 'TenantMetrics' },
);
