import { type Signable, signatureOf, signingKey } from '../../../packages/webhook/src/signature.ts';

/** The three headers of Standard Webhooks, signed as a webhook worker signs, with each of the secrets. */
export const signedHeaders = (message: Signable, secrets: readonly string[]) => ({
  'webhook-id': message.id,
  'webhook-timestamp': String(message.timestamp),
  'webhook-signature': signatureOf(message, secrets.map(signingKey)),
});
