import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookEvent } from './events.ts';

/** Headers of a request as a framework has them: of Node, of `fetch`, or a plain object. */
export type RequestHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Why a request is not taken for a delivery:
 * - `header-missing`: one of `webhook-id`, `webhook-timestamp` and `webhook-signature` is missing
 * - `timestamp-invalid`: the time is no number
 * - `too-old`, `too-new`: it was signed at another time than now, so somebody may be repeating it
 * - `signature-mismatch`: none of its signatures is by one of the secrets: it is by somebody else, or was changed
 * - `not-json`: it is signed rightly, but its body is no JSON
 */
export type WebhookRefusal =
  | 'header-missing'
  | 'timestamp-invalid'
  | 'too-old'
  | 'too-new'
  | 'signature-mismatch'
  | 'not-json';

/** The request is no delivery of yours: answer it with 400. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
  readonly reason: WebhookRefusal;

  constructor(reason: WebhookRefusal) {
    super(`The webhook was refused: ${reason}`);
    this.reason = reason;
  }
}

export interface VerifyOptions {
  /** How far the time of signing may be from now, in seconds. Default 300, as Standard Webhooks has it. */
  toleranceSeconds?: number;
  /** What time it is (Unix ms). Default: now. */
  now?: number;
}

const secretPrefix = 'whsec_';

/** The key in a secret. One that is short would be no secret, and an empty one would let everybody sign. */
function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret, 'base64');
  if (key.length < 24) throw new TypeError('A webhook secret has to be whsec_ and at least 24 bytes in base64');
  return key;
}

function headerOf(headers: RequestHeaders, name: string): string {
  const value =
    typeof headers.get === 'function'
      ? headers.get(name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const text = typeof value === 'string' ? value : undefined;
  if (!text) throw new WebhookVerificationError('header-missing');
  return text;
}

/**
 * Checks that a request is a delivery of yours, signed as Standard Webhooks 1.0 describes, and gives its event.
 * @param body exactly as it arrived: whatever has been parsed and written again is signed by nobody
 * @param secrets one or several: a signature by any of them is enough, so that they can be exchanged
 * @throws WebhookVerificationError, and TypeError if a secret cannot be one
 */
export function verifyWebhook(
  body: string | Uint8Array,
  headers: RequestHeaders,
  secrets: string | readonly string[],
  { toleranceSeconds = 300, now = Date.now() }: VerifyOptions = {},
): WebhookEvent {
  const keys = [secrets].flat().map(keyOf);
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signatures = headerOf(headers, 'webhook-signature');
  if (!/^\d{1,12}$/.test(timestamp)) throw new WebhookVerificationError('timestamp-invalid');
  const age = now / 1_000 - Number(timestamp);
  if (age > toleranceSeconds) throw new WebhookVerificationError('too-old');
  if (age < -toleranceSeconds) throw new WebhookVerificationError('too-new');

  const given = signatures
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice(3), 'base64'));
  const isSigned = keys.some((key) => {
    const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
    return given.some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected));
  });
  if (!isSigned) throw new WebhookVerificationError('signature-mismatch');
  try {
    return JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString('utf8')) as WebhookEvent;
  } catch {
    throw new WebhookVerificationError('not-json');
  }
}
