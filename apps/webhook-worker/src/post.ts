import { subscribe } from 'node:diagnostics_channel';
import type { Attempt } from '@flotilla/contracts';
import {
  AddressRefusedError,
  ConnectError,
  FetchTimeoutError,
  type SafeFetchOptions,
  safeFetch,
} from '@flotilla/safe-fetch';

/** How much of an answer is kept (bytes). */
const keptResponseBytes = 1_024;

/** Origins whose last dialled address is remembered. */
const keptAddresses = 5_000;

/** What is sent. */
export interface WebhookRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal;
}

/** What one attempt gave. */
export interface Posted {
  attempt: Attempt;
  /** A status of 200 to 299 came in time. */
  ok: boolean;
  timedOut: boolean;
  /** The header `Retry-After`. */
  retryAfter?: string | undefined;
}

const addresses = new Map<string, string>();

// The address that a pooled connection leads to is known only to whoever dialled it: undici tells it on this channel.
subscribe('undici:client:connected', (message) => {
  const { connectParams, socket } = message as {
    connectParams: { protocol: string; host: string };
    socket: { remoteAddress?: string };
  };
  if (!socket.remoteAddress) return;
  const origin = `${connectParams.protocol}//${connectParams.host}`;
  addresses.delete(origin);
  addresses.set(origin, socket.remoteAddress);
  const oldest = addresses.keys().next();
  if (addresses.size > keptAddresses && !oldest.done) addresses.delete(oldest.value);
});

/**
 * Makes one attempt. Whatever the receiver does is a result and not an error: 3xx is a failure and not followed, and so
 * is an answer that is not complete in time.
 * @throws the signal's reason when it fires first
 */
export async function post(
  { url, headers, body, signal }: WebhookRequest,
  { dispatcher, timeoutMs }: Pick<SafeFetchOptions, 'dispatcher' | 'timeoutMs'>,
): Promise<Posted> {
  const at = Date.now();
  const began = performance.now();
  const failed = (error: string, address: string | undefined): Posted => ({
    attempt: { at, ms: Math.round(performance.now() - began), error, ...(address && { address }) },
    ok: false,
    timedOut: error === 'timeout',
  });
  try {
    const answer = await safeFetch(url, {
      dispatcher,
      method: 'POST',
      headers,
      body,
      timeoutMs,
      maxResponseBytes: keptResponseBytes,
      signal,
    });
    const ok = answer.status >= 200 && answer.status < 300;
    const address = addresses.get(new URL(url).origin);
    const retryAfter = answer.headers['retry-after'];
    return {
      attempt: {
        at,
        ms: answer.ms,
        status: answer.status,
        ...(!ok && { error: 'status' }),
        ...(address && { address }),
        ...(answer.body.length > 0 && { response: answer.body.toString('utf8') }),
      },
      ok,
      timedOut: false,
      retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
    };
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof AddressRefusedError) return failed('address-refused', undefined);
    if (error instanceof FetchTimeoutError) return failed('timeout', addresses.get(new URL(url).origin));
    if (error instanceof ConnectError) {
      return failed(error.code === 'UND_ERR_CONNECT_TIMEOUT' ? 'timeout' : 'connect', dialled(error.cause));
    }
    throw error;
  }
}

/** The address in an error of Node's network layer; of several, the first. */
function dialled(error: unknown): string | undefined {
  if (error instanceof AggregateError) return dialled(error.errors[0]);
  if (!(error instanceof Error)) return undefined;
  return 'address' in error && typeof error.address === 'string' ? error.address : dialled(error.cause);
}
