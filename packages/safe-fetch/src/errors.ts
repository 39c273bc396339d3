/** The host resolves only to addresses that must not be dialled. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
  readonly host: string;

  constructor(host: string) {
    super(`${host} has no address that may be dialled`);
    this.host = host;
  }
}

/** There was no complete answer in time. */
export class FetchTimeoutError extends Error {
  override readonly name = 'FetchTimeoutError';

  constructor(timeoutMs: number, options?: ErrorOptions) {
    super(`No complete answer within ${timeoutMs / 1_000} s`, options);
  }
}

/** The connection could not be made, or broke before the answer was complete. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  /** Node's or undici's code, such as ECONNREFUSED. */
  readonly code: string;

  constructor(cause: unknown) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    super(`The connection failed (${code})`, { cause });
    this.code = code;
  }
}
