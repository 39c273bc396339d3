import Type, { type Static } from 'typebox';
import { MediaState } from './media-state.ts';
import { messageStatuses, SendError } from './messages.ts';

/** What a message is, whatever WhatsApp wraps it in. */
export const messageKinds = {
  text: 'Text, with or without a link preview',
  image: 'A picture',
  video: 'A video; `gif` if it plays silently in a loop',
  'video-note': 'A round video message',
  audio: 'A sound file',
  voice: 'A voice message',
  document: 'A file',
  sticker: 'A sticker',
  location: 'A place',
  'live-location': 'A place that moves',
  contacts: 'One or more contact cards',
  poll: 'A poll; votes follow as `messages.update`',
  event: 'An event; responses follow as `messages.update`',
  album: 'The cover of pictures and videos that follow as messages of their own',
  'group-invite': 'An invitation into a group',
  product: 'A product of a catalogue',
  order: 'An order',
  buttons: 'Text with buttons',
  list: 'Text with a list to choose from',
  template: 'A template of a business',
  interactive: 'An interactive message of a business',
  'button-reply': 'A button was pressed',
  'list-reply': 'An entry of a list was chosen',
  'template-reply': 'A button of a template was pressed',
  'interactive-reply': 'An interactive message was answered',
  'contact-request': 'Somebody asks for the phone number',
  call: 'A call or a call link, as the chat shows it',
  payment: 'A payment, or the request for one',
  unreadable: 'It could not be decrypted; the sender has been asked to send it again',
  other: 'Anything else: `type` has its name on the wire',
} as const;
export type MessageKind = keyof typeof messageKinds;

const kinds = Object.keys(messageKinds) as MessageKind[];

/** A kind by its name, with what each means. */
export const MessageKindName = Type.Enum(kinds, {
  description: Object.entries(messageKinds)
    .map(([kind, meaning]) => `\`${kind}\`: ${meaning}`)
    .join('. '),
});

/** Somebody, by every address that is known. */
export const Party = Type.Object({
  jid: Type.String({ description: 'As WhatsApp addressed it' }),
  phone: Type.Optional(Type.String({ description: 'Digits only, if known' })),
  lid: Type.Optional(Type.String({ description: 'If known' })),
  pushName: Type.Optional(Type.String({ description: 'The name that they gave themselves' })),
});
export type Party = Static<typeof Party>;

/** The file of a message, and where it is. */
export const MediaDescriptor = Type.Object({
  id: Type.Optional(Type.String({ description: 'Its id under `/v1/media`, once `status` is `stored`' })),
  status: MediaState,
  error: Type.Optional(Type.String({ description: 'Why it could not be fetched' })),
  mimeType: Type.Optional(Type.String()),
  fileName: Type.Optional(Type.String()),
  size: Type.Optional(Type.Integer({ description: 'Bytes' })),
  sha256: Type.Optional(Type.String({ description: 'Of the file, as hex' })),
  seconds: Type.Optional(Type.Integer()),
  width: Type.Optional(Type.Integer()),
  height: Type.Optional(Type.Integer()),
  animated: Type.Optional(Type.Boolean()),
  gif: Type.Optional(Type.Boolean()),
  waveform: Type.Optional(Type.Array(Type.Integer({ minimum: 0, maximum: 100 }))),
});
export type MediaDescriptor = Static<typeof MediaDescriptor>;

export const Location = Type.Object({
  latitude: Type.Number(),
  longitude: Type.Number(),
  name: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
});

/** A message as events and the message list show it: flat, with both addresses of whoever wrote it. */
export const EventMessage = Type.Object({
  id: Type.String({ description: "The message's id on WhatsApp" }),
  chat: Type.String({ description: 'JID of the chat; `status@broadcast` for a status update' }),
  fromMe: Type.Boolean(),
  sender: Party,
  timestamp: Type.Integer({ description: "Unix ms, by WhatsApp's clock" }),
  kind: MessageKindName,
  type: Type.Optional(Type.String({ description: "Baileys' name of the content, such as `imageMessage`" })),
  text: Type.Optional(Type.String({ description: 'The text, or the caption of a file' })),
  caption: Type.Optional(Type.String({ description: 'The caption alone' })),
  quotedId: Type.Optional(Type.String({ description: 'Id of the message that this one answers' })),
  quoted: Type.Optional(
    Type.Object({
      id: Type.String(),
      sender: Type.Optional(Type.String({ description: 'JID' })),
      kind: Type.Optional(Type.String()),
      text: Type.Optional(Type.String()),
    }),
  ),
  mentions: Type.Optional(Type.Array(Type.String({ description: 'JID' }))),
  mentionsAll: Type.Optional(Type.Boolean()),
  forwarded: Type.Optional(Type.Integer({ description: 'How often it has been forwarded' })),
  expiration: Type.Optional(Type.Integer({ description: 'Seconds after which it disappears' })),
  viewOnce: Type.Optional(Type.Boolean()),
  albumId: Type.Optional(Type.String({ description: 'Id of the album that it belongs to' })),
  media: Type.Optional(MediaDescriptor),
  location: Type.Optional(Location),
  contacts: Type.Optional(
    Type.Array(
      Type.Object({
        name: Type.String(),
        phones: Type.Array(Type.String({ description: 'Digits, or as the card has it' })),
        vcard: Type.String(),
      }),
    ),
  ),
  poll: Type.Optional(
    Type.Object({
      name: Type.String(),
      options: Type.Array(Type.String()),
      selectable: Type.Integer({ description: 'How many options one may choose; 0 for any number' }),
    }),
  ),
  event: Type.Optional(
    Type.Object({
      name: Type.String(),
      description: Type.Optional(Type.String()),
      startsAt: Type.Optional(Type.Integer({ description: 'Unix ms' })),
      endsAt: Type.Optional(Type.Integer({ description: 'Unix ms' })),
      location: Type.Optional(Location),
      callLink: Type.Optional(Type.String()),
      cancelled: Type.Optional(Type.Boolean()),
    }),
  ),
  reply: Type.Optional(
    Type.Object({
      id: Type.Optional(Type.String({ description: 'Id of the button or entry' })),
      text: Type.Optional(Type.String()),
    }),
  ),
  raw: Type.Optional(
    Type.Object(
      {},
      {
        additionalProperties: true,
        description: 'The whole message as Baileys has it, if the instance is set to `rawMessages`',
      },
    ),
  ),
});
export type EventMessage = Static<typeof EventMessage>;

const statusName = Type.Enum(Object.keys(messageStatuses) as (keyof typeof messageStatuses)[]);

export const Reaction = Type.Object({
  sender: Party,
  emoji: Type.String(),
  at: Type.Integer({ description: 'Unix ms' }),
});
export type Reaction = Static<typeof Reaction>;

/** How a poll stands. */
export const PollResult = Type.Array(
  Type.Object({ option: Type.String(), voters: Type.Array(Type.String({ description: 'JID' })) }),
);

/** A message with everything that has become of it, as the message list shows it. */
export const StoredMessage = Type.Object(
  {
    ...EventMessage.properties,
    direction: Type.Enum(['in', 'out']),
    status: Type.Optional(statusName),
    error: Type.Optional(SendError),
    history: Type.Optional(
      Type.Array(Type.Object({ status: statusName, at: Type.Integer({ description: 'Unix ms' }) })),
    ),
    editedAt: Type.Optional(Type.Integer({ description: 'Unix ms; `text` is the newest' })),
    deletedAt: Type.Optional(Type.Integer({ description: 'Unix ms; deleted for everyone, its content is gone' })),
    starred: Type.Optional(Type.Boolean()),
    reactions: Type.Optional(Type.Array(Reaction)),
    votes: Type.Optional(PollResult),
  },
  { $id: 'StoredMessage' },
);
export type StoredMessage = Static<typeof StoredMessage>;
