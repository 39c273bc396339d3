import Type, { type Static, type TObject, type TSchema } from 'typebox';
import { Sent } from './messages.ts';

/** Seconds that a command may wait before it fails: a message that comes a day late is worse than none. */
export const defaultTtlSeconds = 86_400;

const recipient = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'Phone number in international form (spaces, dashes, + and parentheses are fine), JID or LID',
  examples: ['+1 415 555 0123', '14155550123@s.whatsapp.net'],
});

const ttl = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: 7 * 86_400,
    description: `Seconds after which it fails instead of being sent late. Default ${defaultTtlSeconds}`,
  }),
);

export const SendText = Type.Object(
  {
    to: recipient,
    text: Type.String({ minLength: 1, maxLength: 65_536, description: 'The message' }),
    ttl,
  },
  { additionalProperties: false, $id: 'SendText' },
);

/** A command: its route below `/v1/instances/{instance}`, what it takes and what it answers. */
export interface CommandSpec {
  path: `/${string}`;
  summary: string;
  description: string;
  body: TObject;
  result: TSchema;
}

/**
 * Every command that a tenant can queue for an instance, declared once: the gateway makes routes, validation and
 * documentation from it, the connection worker must have a handler for each.
 */
export const commands = {
  'send.text': {
    path: '/messages/text',
    summary: 'Send a text message',
    description:
      'Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.',
    body: SendText,
    result: Sent,
  },
} as const satisfies Record<string, CommandSpec>;

export type CommandName = keyof typeof commands;
export type CommandBody<N extends CommandName> = Static<(typeof commands)[N]['body']>;
/** A command's body as the worker gets it: `to` has become a JID, `ttl` an `expiresAt` of the job. */
export type QueuedBody<N extends CommandName> = Omit<CommandBody<N>, 'ttl'>;
