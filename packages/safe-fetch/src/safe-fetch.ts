import type { Dispatcher } from 'undici';
import { FetchTimeoutError } from './errors.ts';
import { failureOf } from './failure.ts';
import { requestInTime } from './request-in-time.ts';

export interface SafeFetchOptions {
  /** From `createSafeAgent`. */
  dispatcher: Dispatcher;
  method?: 'GET' | 'POST' | 'HEAD';
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** For everything: name, connection, headers and body (ms). */
  timeoutMs: number;
  /** Of the body, only so many bytes are read; the rest is thrown away with the connection. */
  maxResponseBytes: number;
  signal?: AbortSignal;
}

export interface SafeResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** The body, or its beginning. */
  body: Buffer;
  /** Whether there was more of the body than was read. */
  truncated: boolean;
  /** How long it took (ms). */
  ms: number;
}

/**
 * One HTTP request through the guard. Redirects are answers like any other: they are never followed.
 * @throws AddressRefusedError, FetchTimeoutError, ConnectError; or the signal's reason when it fired
 */
export async function safeFetch(url: string | URL, options: SafeFetchOptions): Promise<SafeResponse> {
  const { dispatcher, method = 'GET', headers, body, timeoutMs, maxResponseBytes } = options;
  const began = performance.now();
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout;
  try {
    const response = await requestInTime(url, { dispatcher, method, headers, body, signal });
    const read = await readBeginning(response.body, maxResponseBytes);
    return {
      status: response.statusCode,
      headers: response.headers,
      ...read,
      ms: Math.round(performance.now() - began),
    };
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    if (timeout.aborted) throw new FetchTimeoutError(timeoutMs, { cause: error });
    throw failureOf(error);
  }
}

async function readBeginning(body: AsyncIterable<Buffer> & { destroy(): unknown }, most: number) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > most) {
      body.destroy();
      break;
    }
  }
  return { body: Buffer.concat(chunks).subarray(0, most), truncated: bytes > most };
}
