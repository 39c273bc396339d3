import Type, { type Static } from 'typebox';

/**
 * What becomes of a sent message. `queued` and `sending` are on our side of the wire, the rest is WhatsApp's word.
 * Later states never give way to earlier ones.
 */
export const messageStatuses = {
  queued: 'Accepted and stored; waits for its turn',
  sending: 'Handed to WhatsApp; the server has not acknowledged it yet',
  acked: "WhatsApp's server has it",
  delivered: "It is on the recipient's phone",
  read: 'The recipient has seen it',
  played: 'The recipient has played it',
  failed: 'It will not be sent; `error` says why',
} as const;

export type MessageStatus = keyof typeof messageStatuses;

/** From first to last: a status only moves to the right. `failed` is final and comes only from `queued` or `sending`. */
export const statusOrder: readonly MessageStatus[] = ['queued', 'sending', 'acked', 'delivered', 'read', 'played'];

const statusSchema = Type.Enum(Object.keys(messageStatuses) as MessageStatus[], {
  description: Object.entries(messageStatuses)
    .map(([status, meaning]) => `\`${status}\`: ${meaning}`)
    .join('. '),
});

/** Answer to a send command. */
export const Sent = Type.Object(
  {
    messageId: Type.String({ description: "The message's id on WhatsApp, known before it is sent" }),
    instance: Type.String(),
    to: Type.String({ description: 'The recipient as JID' }),
    status: statusSchema,
    error: Type.Optional(Type.String()),
  },
  { $id: 'Sent' },
);
export type Sent = Static<typeof Sent>;

/** Why a message will not be sent. */
export const sendErrors = {
  expired: 'It could not be sent before its ttl ran out',
  'not-on-whatsapp': 'The phone number is not on WhatsApp',
  refused: 'WhatsApp refused it; `whatsappCode` is its number for why',
  undeliverable: 'WhatsApp, or its media servers, did not take it in several tries',
  'logged-out': 'The phone is no longer linked to the instance',
  removed: 'The instance was removed',
  'message-not-found': 'The message that it is about is not kept, and the body does not say enough of it',
  'unsupported-message': 'The message that it is about does not allow this',
  'invalid-content': 'WhatsApp has no such message',
  'media-unavailable': 'The file could not be fetched, or is not stored any more',
  'media-too-large': 'The file is larger than allowed',
  'unsupported-media': 'The file cannot be read or converted',
} as const;
export type SendErrorCode = keyof typeof sendErrors;

export const SendError = Type.Object({
  code: Type.Enum(Object.keys(sendErrors) as SendErrorCode[], {
    description: Object.entries(sendErrors)
      .map(([code, meaning]) => `\`${code}\`: ${meaning}`)
      .join('. '),
  }),
  message: Type.String(),
  whatsappCode: Type.Optional(Type.Integer({ description: "WhatsApp's number for it, such as 463" })),
});
export type SendError = Static<typeof SendError>;

export const MessageView = Type.Object(
  {
    messageId: Type.String(),
    instance: Type.String(),
    command: Type.String(),
    to: Type.String(),
    status: statusSchema,
    error: Type.Optional(SendError),
    history: Type.Array(Type.Object({ status: statusSchema, at: Type.Integer({ description: 'Unix ms' }) })),
  },
  { $id: 'Message' },
);
export type MessageView = Static<typeof MessageView>;
