import type { components } from './generated/api.ts';

/** Codes of errors. Newer servers may have more: decide by those that you know. */
export type ErrorCode = components['schemas']['Error']['code'];

/** The API has refused a request, or could not fulfil it. */
export class FlotillaError extends Error {
  override readonly name = 'FlotillaError';
  /** HTTP status. */
  readonly status: number;
  /** What to decide by. `UNKNOWN` if something else than the API has answered, such as a proxy. */
  readonly code: ErrorCode | 'UNKNOWN';
  /** Seconds after which to ask again, if the answer says so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: unknown, retryAfter?: number) {
    const { code, message } = isErrorBody(body) ? body : { code: 'UNKNOWN' as const, message: `HTTP status ${status}` };
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

const isErrorBody = (body: unknown): body is components['schemas']['Error'] =>
  typeof body === 'object' &&
  body !== null &&
  'code' in body &&
  typeof body.code === 'string' &&
  'message' in body &&
  typeof body.message === 'string';

/** Seconds that a `Retry-After` asks for; undefined if there is none, or it is a date. */
export function retryAfterOf({ headers }: Response): number | undefined {
  const value = headers.get('retry-after');
  return value !== null && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}
