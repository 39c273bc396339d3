import { createHmac, hash, randomBytes } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Twenty characters of Crockford's base 32 (100 bits): nobody guesses one. */
const random = () => Array.from(randomBytes(20), (byte) => alphabet.charAt(byte & 31)).join('');

const prefixes = { tenant: 'ten', apiKey: 'key', instance: 'ins', webhook: 'wh', media: 'med', replay: 'rpl' } as const;

/**
 * A new id.
 * @param kind what it names; becomes its prefix
 */
export const newId = (kind: keyof typeof prefixes) => `${prefixes[kind]}_${random()}`;

/** A new secret for an API key. */
export const newApiKeySecret = () => `flk_${randomBytes(24).toString('base64url')}`;

/** A new ticket for one event stream. */
export const newTicket = () => `flt_${randomBytes(24).toString('base64url')}`;

/** SHA-256 as hex: how tickets, API keys and idempotency keys are stored. */
export const sha256 = (text: string) => hash('sha256', text);

/** Random bytes as hex, made for many ids at a time: being asked costs the generator more than the bytes do. */
const pool = { hex: '', at: 0 };
function randomHex(bytes: number): string {
  if (pool.at + 2 * bytes > pool.hex.length) {
    pool.hex = randomBytes(128 * bytes)
      .toString('hex')
      .toUpperCase();
    pool.at = 0;
  }
  pool.at += 2 * bytes;
  return pool.hex.slice(pool.at - 2 * bytes, pool.at);
}

/**
 * The WhatsApp id that a message will have: `3EB0` and 18 hex digits, the form that WhatsApp's own web client uses.
 * With an idempotency key it depends on nothing else, so that every repetition of the request names the same message.
 * @param instance the sending instance
 * @param idempotencyKey the client's key; without one the id is random
 */
export function messageId(instance: string, idempotencyKey?: string): string {
  if (idempotencyKey === undefined) return `3EB0${randomHex(9)}`;
  const derived = createHmac('sha256', 'flotilla message id').update(`${instance}\n${idempotencyKey}`).digest('hex');
  return `3EB0${derived.slice(0, 18).toUpperCase()}`;
}

/** An id for a file that depends on nothing but `parts`. */
function derivedMediaId(purpose: string, parts: readonly string[]): string {
  const digest = createHmac('sha256', `flotilla media ${purpose}`).update(JSON.stringify(parts)).digest();
  return `${prefixes.media}_${Array.from(digest.subarray(0, 20), (byte) => alphabet.charAt(byte & 31)).join('')}`;
}

/**
 * The id of the file in a received message. It depends on the message alone, so that fetching it again replaces it.
 * @param instance the instance that received the message
 * @param chat the chat's JID: senders choose message ids, so only chat and id together name one message
 * @param messageId the message's id on WhatsApp
 */
export const receivedMediaId = (instance: string, chat: string, messageId: string) =>
  derivedMediaId('received', [instance, chat, messageId]);

/**
 * The id of a file that came within a request to send. It depends on the content alone, so that a repetition of the
 * request names, and stores, the same file.
 * @param tenant whose file it is
 * @param content its hash and how it is called
 */
export const contentMediaId = (tenant: string, content: { sha256: string; mimeType: string; fileName?: string }) =>
  derivedMediaId('content', [tenant, content.sha256, content.mimeType, content.fileName ?? '']);
