import { Webhook } from 'standardwebhooks';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type EventOf, verifyWebhook, type WebhookEvent, type WebhookRefusal } from '../src/index.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const now = 1_790_000_000_000;
const timestamp = now / 1_000;
const event = {
  id: 'evt_a_1',
  type: 'messages.upsert',
  instance: 'ins_a',
  sequence: 1,
  occurredAt: now,
  data: { type: 'notify', message: { text: 'Grüße 👋' } },
};
const body = JSON.stringify(event);
const signed = (secrets: string[], text = body, at = timestamp) => ({
  'webhook-id': event.id,
  'webhook-timestamp': String(at),
  'webhook-signature': secrets.map((each) => new Webhook(each).sign(event.id, new Date(at * 1_000), text)).join(' '),
});

const refusal = (
  ...[text, headers, secrets, options]: Parameters<typeof verifyWebhook>
): WebhookRefusal | undefined => {
  try {
    verifyWebhook(text, headers, secrets, { now, ...options });
    return undefined;
  } catch (error) {
    return (error as { reason: WebhookRefusal }).reason;
  }
};

describe('a delivery', () => {
  it('is verified with its bytes or its text, and headers of any kind', () => {
    const headers = signed([secret]);
    const capital = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
    for (const form of [headers, capital, new Headers(headers), new Map(Object.entries(headers)) as never])
      for (const content of [body, Buffer.from(body), new TextEncoder().encode(body)])
        expect(verifyWebhook(content, form, secret, { now })).toEqual(event);
  });

  it('is accepted by any of our secrets and any of its signatures, while they are exchanged', () => {
    expect(refusal(body, signed([other, secret]), secret)).toBeUndefined();
    expect(refusal(body, signed([secret]), [other, secret])).toBeUndefined();
    expect(refusal(body, signed([other]), [other, secret])).toBeUndefined();
    expect(refusal(body, signed([other]), secret)).toBe('signature-mismatch');
  });

  it('is what the public library of Standard Webhooks verifies', () => {
    const current = Math.floor(Date.now() / 1_000);
    expect(new Webhook(secret).verify(body, signed([secret], body, current))).toEqual(event);
  });

  it.each<[WebhookRefusal, Parameters<typeof refusal>]>([
    ['signature-mismatch', [`${body} `, signed([secret]), secret]],
    ['signature-mismatch', [body.replace('notify', 'append'), signed([secret]), secret]],
    ['signature-mismatch', [body, { ...signed([secret]), 'webhook-id': 'evt_a_2' }, secret]],
    ['signature-mismatch', [body, { ...signed([secret]), 'webhook-timestamp': String(timestamp + 1) }, secret]],
    ['signature-mismatch', [body, { ...signed([secret]), 'webhook-signature': 'v1,' }, secret]],
    ['signature-mismatch', [body, { ...signed([secret]), 'webhook-signature': 'v1,AAAA v1,%%%% ,' }, secret]],
    // Other versions are other kinds of signature.
    ['signature-mismatch', [body, swap(signed([secret]), 'v1,', 'v1a,'), secret]],
    ['signature-mismatch', [body, swap(signed([secret]), 'v1,', ''), secret]],
    ['too-old', [body, signed([secret], body, timestamp - 301), secret]],
    ['too-new', [body, signed([secret], body, timestamp + 301), secret]],
    ['timestamp-invalid', [body, { ...signed([secret]), 'webhook-timestamp': 'soon' }, secret]],
    ['timestamp-invalid', [body, { ...signed([secret]), 'webhook-timestamp': '-1' }, secret]],
    ['header-missing', [body, {}, secret]],
    ['header-missing', [body, { ...signed([secret]), 'webhook-signature': undefined }, secret]],
    ['header-missing', [body, { ...signed([secret]), 'webhook-id': '' }, secret]],
    ['not-json', ['not json', signed([secret], 'not json'), secret]],
  ])('is refused: %s', (reason, args) => expect(refusal(...args)).toBe(reason));

  it('may be as old as we say', () => {
    expect(refusal(body, signed([secret], body, timestamp - 301), secret, { toleranceSeconds: 600 })).toBeUndefined();
  });

  it('is never verified with a secret that is none', () => {
    for (const none of ['', 'whsec_', 'whsec_c2hvcnQ=', []]) {
      const headers = signed([secret]);
      expect(() => verifyWebhook(body, headers, none, { now })).toThrow();
    }
  });
});

it('gives events whose type tells what their data are', () => {
  const read = (given: WebhookEvent): string | undefined => {
    switch (given.type) {
      case 'messages.upsert':
        return given.data.message.text;
      case 'qrcode.updated':
        return given.data.qr;
      default:
        return given.type;
    }
  };
  expect(read(verifyWebhook(body, signed([secret]), secret, { now }))).toBe('Grüße 👋');
  expectTypeOf<EventOf<'lid-mapping.update'>['data']>().toEqualTypeOf<{ lid: string; phone: string }>();
  expectTypeOf<WebhookEvent['sequence']>().toEqualTypeOf<number>();
});

function swap(headers: Record<string, string>, from: string, to: string): Record<string, string> {
  return { ...headers, 'webhook-signature': headers['webhook-signature']?.replace(from, to) ?? '' };
}
