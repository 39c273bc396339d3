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

export const SendError = Type.Object({
  code: Type.String({
    description: '`expired`, `not-on-whatsapp`, `refused`, `undeliverable`, `logged-out` or `removed`',
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
