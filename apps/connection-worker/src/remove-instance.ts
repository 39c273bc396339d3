import { channels, fleetKeys, instanceKeys, tenantKeys } from '@flotilla/contracts';
import { createHistoryWriter, defaultBounds } from '@flotilla/history';
import { deviceRelease, type StoredInstance } from '@flotilla/instance';
import { type Fence, fencedWrite, release } from '@flotilla/lease';
import type { Lane } from '@flotilla/queue';
import type { Redis } from '@flotilla/redis';
import type { WorkerFaultPoints } from './fault-points.ts';

/** How long the ownership record of a removed instance is kept (ms): its epoch fences off whoever comes late. */
const tombstoneMs = 7 * 86_400_000;
type Emptied = Pick<Lane<unknown>, 'obliterate'>;

/** How long the last events can still be put into mailboxes (ms). */
const lastEventsMs = 86_400_000;

/**
 * Deletes everything of an instance that its tenant has removed. Journals and idempotency keys expire by themselves.
 * The record goes last, so that a crash in between leaves the rest to be found and removed again; what a crash after that
 * leaves is for {@link removeRemains}.
 */
export async function removeInstance(
  { redis, faults }: { redis: Redis; faults: WorkerFaultPoints },
  fence: Fence,
  instance: StoredInstance,
  { control, ...lanes }: { control: Emptied; commands: Emptied; requests: Emptied },
): Promise<void> {
  const { id, tenant, device } = instance;
  const releaseClaim = device === undefined ? undefined : await deviceRelease(redis, device, id);
  await redis.zrem(fleetKeys.instances, id);
  await redis.zrem(tenantKeys.instances(tenant), id);
  const history = createHistoryWriter({ redis, instance: id, bounds: defaultBounds });
  await history.removeAll((commands) => fencedWrite(redis, fence, commands));
  for (const lane of Object.values(lanes)) await lane.obliterate();
  await fencedWrite(
    redis,
    fence,
    [
      ...[instanceKeys.authState, instanceKeys.pendingFiles, instanceKeys.pendingFilesDue, instanceKeys.told].map(
        (keyOf) => ({ command: 'del', key: keyOf(id), args: [] }),
      ),
      { command: 'pexpire', key: instanceKeys.events(id), args: [lastEventsMs] },
      { command: 'pexpire', key: instanceKeys.relayed(id), args: [lastEventsMs] },
      { command: 'del', key: instanceKeys.record(id), args: [] },
    ],
    { publish: channels.changed(id) },
  );
  faults.reach('crash-in-removal');
  await releaseClaim?.();
  // Only now: until here the job in it brings whoever owns the instance next to do all this again.
  await removeRemains(redis, id, control);
  await release(redis, fence);
}

/**
 * Removes what may be left of an instance that has no record any more: nobody can own it, and its id is never used again,
 * so anybody may.
 */
export async function removeRemains(redis: Redis, id: string, control: Emptied): Promise<void> {
  await control.obliterate();
  await redis.zrem(fleetKeys.pending, id);
  await redis.pexpire(instanceKeys.ownership(id), tombstoneMs);
}
