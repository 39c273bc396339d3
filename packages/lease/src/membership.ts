import { fleetKeys, workerKeys } from '@flotilla/contracts';
import { defineScript, fleetNow, type Redis } from '@flotilla/redis';
import { LeaseLostError } from './errors.ts';
import { pace } from './pace.ts';
import { type PeerLoad, renewing, sampledPeers } from './placement.ts';

/** One worker as its lease shows it. */
export interface Worker {
  incarnation: string;
  /** host:port where it answers with its incarnation; '' if only its tombstone is left. */
  address: string;
  /** Instances it holds. */
  load: number;
  /** Instances it can hold. */
  capacity: number;
  draining: boolean;
  /** Declared dead, or gone altogether: what it owned may be taken. */
  dead: boolean;
  /** ms until its lease runs out by Redis' clock; negative since when it has. */
  expiresInMs: number;
  /** ms since it was last heard of. A hint: on Redis Cluster two nodes' clocks are compared. */
  lastRenewalAgoMs: number;
}

/** How long an incarnation stays dead in Redis, ms. After that its lease is missing, which is refused as well. */
export const tombstoneMs = 7 * 24 * 3_600_000;

const readScript = defineScript(new URL('./lua/read-worker.lua', import.meta.url));
const declareScript = defineScript(new URL('./lua/declare-dead.lua', import.meta.url));
const takeoverScript = defineScript(new URL('./lua/begin-takeover.lua', import.meta.url));
const markScript = defineScript(new URL('./lua/mark-held.lua', import.meta.url));

/** All workers that are listed: living ones, and dead ones whose instances nobody has taken over yet. */
export async function listWorkers(redis: Redis): Promise<Worker[]> {
  const listed = await redis.zrange(fleetKeys.workers, 0, '-1', 'WITHSCORES');
  const incarnations = listed.filter((_, index) => index % 2 === 0);
  const renewedAt = listed.filter((_, index) => index % 2 === 1).map(Number);
  return await Promise.all(
    incarnations.map(async (incarnation, index) => {
      const { now, fields } = await readLease(redis, incarnation);
      return {
        incarnation,
        address: fields.get('address') ?? '',
        load: Number(fields.get('load') ?? 0),
        capacity: Number(fields.get('capacity') ?? 0),
        draining: fields.get('draining') === '1',
        dead: fields.has('dead') || !fields.has('exp'),
        expiresInMs: Number(fields.get('exp') ?? 0) - now,
        lastRenewalAgoMs: now - (renewedAt[index] ?? 0),
      };
    }),
  );
}

/** Workers that are listed with an address, whatever has become of them: one command for each that is listed. */
export async function workersAt(redis: Redis, address: string): Promise<string[]> {
  const incarnations = await redis.zrange(fleetKeys.workers, 0, '-1');
  const addresses = await Promise.all(
    incarnations.map((incarnation) => redis.hget(workerKeys.lease(incarnation), 'address')),
  );
  return incarnations.filter((_, index) => addresses[index] === address);
}

/**
 * Some of the workers that live, renew and do not drain, chosen by chance, with what they carry: a command for each,
 * however many workers there are. Not exact: whoever is handed something may have died a moment ago.
 */
export async function sampleWorkers(redis: Redis, count = sampledPeers): Promise<PeerLoad[]> {
  const incarnations = (await redis.zrandmember(fleetKeys.workers, count)) as string[];
  const leases = await Promise.all(
    incarnations.map((incarnation) =>
      redis.hmget(workerKeys.lease(incarnation), 'load', 'capacity', 'draining', 'dead', 'exp'),
    ),
  );
  const now = fleetNow();
  const living = leases.flatMap(([load, capacity, draining, dead, end], index) => {
    const exp = Number(end ?? 0);
    const isGone = draining === '1' || typeof dead === 'string' || exp <= now;
    const incarnation = incarnations[index] ?? '';
    return isGone ? [] : [{ incarnation, load: Number(load ?? 0), capacity: Number(capacity ?? 0), exp }];
  });
  return renewing(living).map(({ exp: _, ...peer }) => peer);
}

/** A lease's fields, and Redis' clock (ms) at the same moment. No fields: there is no such lease. */
export async function readLease(
  redis: Redis,
  incarnation: string,
): Promise<{ now: number; fields: Map<string, string> }> {
  const [now, flat] = (await readScript(redis, [workerKeys.lease(incarnation)], [])) as [number, string[]];
  const fields = new Map<string, string>();
  for (let at = 0; at < flat.length; at += 2) fields.set(flat[at] ?? '', flat[at + 1] ?? '');
  return { now, fields };
}

/**
 * How long an incarnation has been silent: since its last accepted renewal, by Redis' clock.
 * @returns ms; undefined if nothing is known of it any more
 */
export async function silentForMs(redis: Redis, incarnation: string): Promise<number | undefined> {
  const { now, fields } = await readLease(redis, incarnation);
  const expiresAt = Number(fields.get('exp'));
  return Number.isFinite(expiresAt) ? Math.max(0, now - (expiresAt - pace.leaseTtlMs)) : undefined;
}

/**
 * Declares an incarnation dead if its lease has run out or is missing, or if its death is proven. It can never renew or
 * register again. Only then may its instances be claimed.
 * @param proof true only after `probe` said `dead`
 * @returns whether it is dead (by whoever's doing); false while its lease runs
 */
export async function declareDead(redis: Redis, incarnation: string, { proof }: { proof: boolean }): Promise<boolean> {
  return (await declareScript(redis, [workerKeys.lease(incarnation)], [proof ? 1 : 0, tombstoneMs])) === 1;
}

/**
 * Asks whether this reaper may look for new owners of what a dead worker held, while the others stand back.
 * @param aloneMs for how long they do, unless it asks again; 0: no longer
 * @returns false while another one is at it
 */
export async function beginTakeover(
  redis: Redis,
  incarnation: string,
  { reaper, aloneMs }: { reaper: string; aloneMs: number },
): Promise<boolean> {
  return (await takeoverScript(redis, [workerKeys.lease(incarnation)], [reaper, aloneMs])) === 1;
}

/** Takes a dead worker off the list, after its instances were handled. Its tombstone stays. */
export async function forgetWorker(redis: Redis, incarnation: string): Promise<void> {
  await redis.del(workerKeys.instances(incarnation), workerKeys.wake(incarnation));
  // Last: while it is listed, whoever crashes here is followed by another.
  await redis.zrem(fleetKeys.workers, incarnation);
}

/** Instances that a worker holds or was about to claim; ask `readOwnership` which of them are really its own. */
export async function heldBy(redis: Redis, incarnation: string): Promise<string[]> {
  return await redis.smembers(workerKeys.instances(incarnation));
}

/**
 * Notes that a worker is about to claim an instance, so that survivors find it. Always before the claim.
 * @throws {LeaseLostError} when the incarnation was declared dead: its list may have been taken over already
 */
export async function markHeld(redis: Redis, incarnation: string, instance: string): Promise<void> {
  const keys = [workerKeys.lease(incarnation), workerKeys.instances(incarnation)];
  if ((await markScript(redis, keys, [instance])) !== 1) throw new LeaseLostError('This worker was declared dead');
}

/** The reverse of `markHeld`, after the instance was released or the claim was refused. */
export async function unmarkHeld(redis: Redis, incarnation: string, instance: string): Promise<void> {
  await redis.srem(workerKeys.instances(incarnation), instance);
}
