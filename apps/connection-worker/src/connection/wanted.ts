import type { StoredInstance } from '@flotilla/instance';

/**
 * Whether an instance is to be connected without anybody asking again. One that is parked is not, except for a ban whose
 * end has come.
 */
export function isToConnect(
  { desired, status }: Pick<StoredInstance, 'desired' | 'status'>,
  now = Date.now(),
): boolean {
  if (desired !== 'connected') return false;
  return status.state !== 'closed' || (status.retryAt !== undefined && status.retryAt <= now);
}
