import type { Dispatcher } from 'undici';
import { FetchTimeoutError } from './errors.ts';
import { failureOf } from './failure.ts';
import { requestInTime } from './request-in-time.ts';

export interface SafeStreamOptions {
  /** From `createSafeAgent`. */
  dispatcher: Dispatcher;
  headers?: Record<string, string>;
  /** For everything, the last byte of the body included (ms). */
  timeoutMs: number;
  signal?: AbortSignal;
}

export interface SafeStream {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Must be read to its end, left by `break` or cancelled; throws like `safeStream` itself. */
  body: AsyncGenerator<Uint8Array>;
  /** Lets go of a body that nobody reads, and of the connection. */
  cancel(): void;
}

/**
 * GET through the guard, for bodies that are too large to be kept. Redirects are answers like any other: they are never
 * followed. Whoever reads the body decides how much of it is enough.
 * @throws AddressRefusedError, FetchTimeoutError, ConnectError; or the signal's reason when it fired
 */
export async function safeStream(url: string | URL, options: SafeStreamOptions): Promise<SafeStream> {
  const { dispatcher, headers, timeoutMs } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout;
  const failure = (error: unknown) => {
    if (options.signal?.aborted) return options.signal.reason;
    return timeout.aborted ? new FetchTimeoutError(timeoutMs, { cause: error }) : failureOf(error);
  };
  try {
    const response = await requestInTime(url, { dispatcher, headers, signal });
    return {
      status: response.statusCode,
      headers: response.headers,
      body: read(response.body, failure),
      cancel: () => destroy(response.body),
    };
  } catch (error) {
    throw failure(error);
  }
}

async function* read(
  body: Dispatcher.ResponseData['body'],
  failure: (error: unknown) => unknown,
): AsyncGenerator<Uint8Array> {
  let isOver = false;
  try {
    for await (const chunk of body) yield chunk;
    isOver = true;
  } catch (error) {
    throw failure(error);
  } finally {
    // Half a body is of no use to the connection: it goes too.
    if (!isOver) destroy(body);
  }
}

/** Destroying is an error to whoever reads: here to nobody. */
function destroy(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => {}).destroy();
}
