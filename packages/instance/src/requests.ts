import { type ErrorCode, instanceKeys } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';

const acceptScript = defineScript(new URL('./accept-request.lua', import.meta.url));

/** Why a request failed: an entry of the error table with what fills its message. */
export interface RequestFailure {
  code: ErrorCode;
  details: string[];
}

/** What became of a request. */
export type RequestState =
  | { status: 'waiting' | 'running' }
  | { status: 'done'; result: unknown }
  | { status: 'failed'; error: RequestFailure };

/** A request as it is stored. */
type StoredRequest = RequestState & {
  /** Unix ms after which nobody waits for the answer: the latest time that anybody who has made it waits until. */
  expiresAt: number;
};

/**
 * Notes that a request was made. Who repeats it before it has an answer waits anew: how long anybody waits is noted
 * here and not in the queue, where the first try may still stand.
 * @param waitMs how long whoever asks waits
 * @param keepMs how long the answer is kept
 * @returns `conflict` if the id stands for another request already
 */
export async function acceptRequest(
  redis: Redis,
  request: { instance: string; requestId: string; fingerprint: string; waitMs: number; keepMs: number },
): Promise<'accepted' | 'known' | 'conflict'> {
  const { instance, requestId, fingerprint, waitMs, keepMs } = request;
  const key = instanceKeys.request(instance, requestId);
  return (await acceptScript(redis, [key], [fingerprint, waitMs, keepMs])) as 'accepted' | 'known' | 'conflict';
}

/** What became of a request; undefined if it is unknown or too old. */
export async function readRequest(
  redis: Redis,
  instance: string,
  requestId: string,
): Promise<StoredRequest | undefined> {
  const fields = await redis.hgetall(instanceKeys.request(instance, requestId));
  const { fingerprint, status, result, error } = fields;
  if (fingerprint === undefined) return undefined;
  const expiresAt = Number(fields.expiresAt);
  if (status === 'done') return { status, result: JSON.parse(result ?? 'null'), expiresAt };
  if (status === 'failed') return { status, error: JSON.parse(error ?? '{}'), expiresAt };
  return { status: status === 'running' ? 'running' : 'waiting', expiresAt };
}

/** Drops the answer of a request that nobody can ask for again: it may be large. */
export async function forgetRequest(redis: Redis, instance: string, requestId: string): Promise<void> {
  await redis.del(instanceKeys.request(instance, requestId));
}

/** Fields that move a request on, for its hash. */
export function requestStep(state: RequestState): string[] {
  if (state.status === 'done') return ['status', 'done', 'result', JSON.stringify(state.result ?? null)];
  if (state.status === 'failed') return ['status', 'failed', 'error', JSON.stringify(state.error)];
  return ['status', state.status];
}
