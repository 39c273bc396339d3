import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { isSigningSecret, newSigningSecret, signatureOf, signingKey } from './signature.ts';

const message = () => ({ id: 'evt_a_1', timestamp: Math.floor(Date.now() / 1_000), body: '{"text":"Grüße"}' });

const headersOf = (signable: ReturnType<typeof message>, secrets: string[]) => ({
  'webhook-id': signable.id,
  'webhook-timestamp': String(signable.timestamp),
  'webhook-signature': signatureOf(signable, secrets.map(signingKey)),
});

describe('a signature', () => {
  it("is what the specification's own library accepts", () => {
    const secret = newSigningSecret();
    const signable = message();
    const headers = headersOf(signable, [secret]);
    expect(new Webhook(secret).verify(signable.body, headers)).toEqual({ text: 'Grüße' });
    expect(() => new Webhook(secret).verify(`${signable.body} `, headers)).toThrow();
  });

  it('is the same for text and for its bytes', () => {
    const key = signingKey(newSigningSecret());
    const signable = message();
    expect(signatureOf({ ...signable, body: Buffer.from(signable.body) }, [key])).toBe(signatureOf(signable, [key]));
  });

  it('signs with every active secret, so that receivers may know either', () => {
    const secrets = [newSigningSecret(), newSigningSecret()];
    const signable = message();
    const headers = headersOf(signable, secrets);
    expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
    for (const secret of secrets) expect(() => new Webhook(secret).verify(signable.body, headers)).not.toThrow();
  });

  it('makes secrets of 32 bytes', () => {
    const secret = newSigningSecret();
    expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
  });
});

describe('a secret of somebody else', () => {
  const secret = (bytes: number) => `whsec_${randomBytes(bytes).toString('base64')}`;

  it.each([24, 32, 48, 64])('of %d bytes is good, and verifies what it signs', (bytes) => {
    const own = secret(bytes);
    expect(isSigningSecret(own)).toBe(true);
    const signable = message();
    expect(() => new Webhook(own).verify(signable.body, headersOf(signable, [own]))).not.toThrow();
  });

  it.each([
    secret(23),
    secret(65),
    secret(32).slice('whsec_'.length),
    `${secret(32)}\n`,
    `${secret(32).slice(0, 20)} ${secret(32).slice(20)}`,
    `whsec_${'-_'.repeat(20)}`,
    'whsec_',
    '',
  ])('%j is refused', (text) => expect(isSigningSecret(text)).toBe(false));
});
