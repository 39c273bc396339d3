import { instanceKeys } from '@flotilla/contracts';
import { deviceRelease } from '@flotilla/instance';
import type { Redis } from '@flotilla/redis';
import type { WorkerFaultPoints } from './fault-points.ts';
import type { HeldRecord } from './held-record.ts';
import type { InstanceStore } from './instance-store.ts';

/** The instance whose credentials are wiped. */
export interface Wiped {
  redis: Redis;
  faults: WorkerFaultPoints;
  store: InstanceStore;
  record: HeldRecord;
}

/**
 * Deletes the credentials of an instance that is no longer paired, and its claim to the device.
 * @throws if Redis is away, or if the instance is another's by now: then the claim is still there
 */
export async function wipeCredentials({ redis, faults, store, record }: Wiped): Promise<void> {
  faults.reach('crash-in-logout');
  const { id, device } = record.current;
  const releaseClaim = device === undefined ? undefined : await deviceRelease(redis, device, id);
  await store.write([
    { command: 'del', key: instanceKeys.authState(id), args: [] },
    { command: 'hdel', key: instanceKeys.record(id), args: ['device'] },
  ]);
  record.note({ paired: false, device: undefined });
  await releaseClaim?.();
}
