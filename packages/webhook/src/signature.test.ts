import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { newSigningSecret, signatureHeaders } from './signature.ts';

const message = { id: 'evt_1', timestamp: Math.floor(Date.now() / 1000), body: '{"text":"Grüße 👋"}' };

describe('signatureHeaders', () => {
  it("is what the specification's own library accepts", () => {
    const secret = newSigningSecret();
    const headers = signatureHeaders(message, [secret]);
    expect(new Webhook(secret).verify(message.body, headers)).toEqual({ text: 'Grüße 👋' });
    expect(() => new Webhook(secret).verify(`${message.body} `, headers)).toThrow();
    expect(() => new Webhook(newSigningSecret()).verify(message.body, headers)).toThrow();
  });

  it('signs with every active secret, so that receivers may know either', () => {
    const [old, fresh] = [newSigningSecret(), newSigningSecret()];
    const headers = signatureHeaders(message, [fresh, old]);
    expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
    for (const secret of [old, fresh]) expect(() => new Webhook(secret).verify(message.body, headers)).not.toThrow();
  });

  it('makes secrets of 32 bytes', () => {
    const secret = newSigningSecret();
    expect(secret).toMatch(/^whsec_/);
    expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
  });
});
