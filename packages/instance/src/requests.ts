import { type ErrorCode, instanceKeys } from '@flotilla/contracts';
import type { Redis } from 'ioredis';

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

/**
 * Notes that a request was made.
 * @param keepMs how long the answer is kept
 * @returns `conflict` if the id stands for another request already
 */
export async function acceptRequest(
  redis: Redis,
  {
    instance,
    requestId,
    fingerprint,
    keepMs,
  }: { instance: string; requestId: string; fingerprint: string; keepMs: number },
): Promise<'accepted' | 'known' | 'conflict'> {
  const key = instanceKeys.request(instance, requestId);
  const replies = await redis
    .multi()
    .hsetnx(key, 'fingerprint', fingerprint)
    .hget(key, 'fingerprint')
    .pexpire(key, keepMs, 'NX')
    .exec();
  const isNew = replies?.[0]?.[1] === 1;
  if (isNew) return 'accepted';
  return replies?.[1]?.[1] === fingerprint ? 'known' : 'conflict';
}

/** What became of a request; undefined if it is unknown or too old. */
export async function readRequest(
  redis: Redis,
  instance: string,
  requestId: string,
): Promise<RequestState | undefined> {
  const { fingerprint, status, result, error } = await redis.hgetall(instanceKeys.request(instance, requestId));
  if (fingerprint === undefined) return undefined;
  if (status === 'done') return { status, result: JSON.parse(result ?? 'null') };
  if (status === 'failed') return { status, error: JSON.parse(error ?? '{}') };
  return { status: status === 'running' ? 'running' : 'waiting' };
}

/** Fields that move a request on, for its hash. */
export function requestStep(state: RequestState): string[] {
  if (state.status === 'done') return ['status', 'done', 'result', JSON.stringify(state.result ?? null)];
  if (state.status === 'failed') return ['status', 'failed', 'error', JSON.stringify(state.error)];
  return ['status', state.status];
}
