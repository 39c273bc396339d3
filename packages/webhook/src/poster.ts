import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Attempt } from '@flotilla/contracts';
import {
  type AddressPolicy,
  AddressRefusedError,
  ConnectError,
  createSafeAgent,
  FetchTimeoutError,
  safePost,
} from '@flotilla/safe-fetch';

/** How much of an answer is read (bytes); what goes on beyond it is cut off. */
const readResponseBytes = 20_000;

/** Origins whose last dialled address is remembered. */
const keptAddresses = 5_000;

/** A connection that fails sooner (ms), such as one that the receiver had closed, is tried once more at once. */
const instantRetryMs = 1_000;

/** With more open connections than this, each is closed behind its answer: idle ones of many origins add up. */
const mostIdle = 1_000;

/** What is sent. */
export interface WebhookRequest {
  origin: string;
  /** Path and query. */
  path: string;
  /** Names and values by turns. */
  headers: string[];
  body: Buffer;
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

/** An attempt under way. */
export interface PendingAttempt {
  /** Whatever the receiver does is a result and not an error. Rejects only when it was aborted, with the reason. */
  done: Promise<Posted>;
  abort(reason: unknown): void;
}

export type Poster = ReturnType<typeof createPoster>;

/**
 * What makes attempts: 3xx is a failure and not followed, and so is an answer that is not complete in time.
 * @param connections per origin
 * @param timeoutMs for all of an attempt
 */
export function createPoster({
  policy,
  connections,
  timeoutMs,
}: {
  policy: AddressPolicy;
  connections: number;
  timeoutMs: number;
}) {
  const dispatcher = createSafeAgent({ policy, connections, connectTimeoutMs: timeoutMs });
  let open = 0;
  dispatcher.on('connect', () => {
    open += 1;
  });
  dispatcher.on('disconnect', () => {
    open -= 1;
  });

  const addresses = new Map<string, string>();
  // The address that a pooled connection leads to is known only to whoever dialled it: undici tells it on this channel.
  const remember = (message: unknown) => {
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
  };
  subscribe('undici:client:connected', remember);

  return {
    /** Makes one attempt. */
    post({ origin, path, headers, body }: WebhookRequest): PendingAttempt {
      const at = Date.now();
      const began = performance.now();
      const pending = safePost({
        dispatcher,
        origin,
        path,
        headers,
        body,
        timeoutMs,
        maxResponseBytes: readResponseBytes,
        instantRetryMs,
        closeAfter: open > mostIdle,
      });
      const done = pending.done.then(
        (answer): Posted => {
          const ok = answer.status >= 200 && answer.status < 300;
          const address = addresses.get(origin);
          const retryAfter = answer.headers['retry-after'];
          const attempt: Attempt = { at, ms: answer.ms, status: answer.status };
          if (!ok) attempt.error = 'status';
          if (address !== undefined) attempt.address = address;
          if (answer.body.length > 0) attempt.response = answer.body.toString('utf8');
          return { attempt, ok, timedOut: false, retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter };
        },
        (error: unknown): Posted => {
          const failed = (name: string, address: string | undefined): Posted => ({
            attempt: { at, ms: Math.round(performance.now() - began), error: name, ...(address && { address }) },
            ok: false,
            timedOut: name === 'timeout',
          });
          if (error instanceof AddressRefusedError) return failed('address-refused', undefined);
          if (error instanceof FetchTimeoutError) return failed('timeout', addresses.get(origin));
          if (error instanceof ConnectError)
            return failed(error.code === 'UND_ERR_CONNECT_TIMEOUT' ? 'timeout' : 'connect', dialled(error.cause));
          throw error;
        },
      );
      return { done, abort: pending.abort.bind(pending) };
    },
    async close() {
      unsubscribe('undici:client:connected', remember);
      await dispatcher.destroy();
    },
  };
}

/** The address in an error of Node's network layer; of several, the first. */
function dialled(error: unknown): string | undefined {
  if (error instanceof AggregateError) return dialled(error.errors[0]);
  if (!(error instanceof Error)) return undefined;
  return 'address' in error && typeof error.address === 'string' ? error.address : dialled(error.cause);
}
