import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

const secretPrefix = 'whsec_';

/** A new signing secret in the form that Standard Webhooks prescribes: `whsec_` and 32 random bytes in base64. */
export const newSigningSecret = () => `${secretPrefix}${randomBytes(32).toString('base64')}`;

/** How many bytes the key in a secret may have, as Standard Webhooks prescribes. */
const secretBytes = { least: 24, most: 64 };

/** Whether a text is a signing secret: `whsec_` and 24 to 64 bytes in base64, with nothing beside it. */
export function isSigningSecret(text: string): boolean {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  const encoded = text.slice(secretPrefix.length);
  const bytes = Buffer.from(encoded, 'base64');
  // What the decoder skips without a word would be another key at the receiver.
  const isExact = bytes.toString('base64') === encoded.padEnd(Math.ceil(encoded.length / 4) * 4, '=');
  return isExact && bytes.length >= secretBytes.least && bytes.length <= secretBytes.most;
}

/** The key in a secret, ready to sign with. @param secret as `newSigningSecret` makes it */
export const signingKey = (secret: string): KeyObject =>
  createSecretKey(Buffer.from(secret.slice(secretPrefix.length), 'base64'));

/** What is signed. */
export interface Signable {
  /** Header `webhook-id`: the event's id, the same in every attempt. */
  id: string;
  /** Header `webhook-timestamp`: Unix seconds of this attempt. */
  timestamp: number;
  /** The very bytes that the receiver reads. */
  body: string | Buffer;
}

/**
 * The header `webhook-signature` of Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, as `v1,<base64>`, one
 * signature for each active secret, separated by spaces, so that a receiver may know the old or the new one while they
 * are exchanged.
 * @param keys the newest first
 */
export function signatureOf({ id, timestamp, body }: Signable, keys: readonly KeyObject[]): string {
  let signatures = '';
  for (const key of keys) {
    const digest = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
    signatures += signatures ? ` v1,${digest}` : `v1,${digest}`;
  }
  return signatures;
}
