import { channels, eventId, type FlotillaEvent, instanceKeys, type NewEvent, tenantKeys } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';
import { keptEvents } from './events.ts';

const appendScript = defineScript(new URL('./append-to-feed.lua', import.meta.url));
const openScript = defineScript(new URL('./open-feed.lua', import.meta.url));

/** Entries that a tenant's feed keeps; those whose events are gone leave earlier where they are the oldest. */
export const keptPointers = 100_000;

/**
 * How long the feed remembers an instance's last sequence (ms). It is needed only while relaying may be repeated; the
 * relay's own cursor says the rest.
 */
const fedTtlMs = 30 * 86_400_000;

/** An entry of a tenant's feed: where an event is to be found. */
export interface Pointer {
  /** Its position in the feed, `<birth of the feed>-<number>`; numbers have no gaps. */
  id: string;
  instance: string;
  sequence: number;
  type: string;
}

/** Thrown for a position that the feed does not reach back to, or that it has never had. */
export class PositionLostError extends Error {
  constructor(position: string) {
    super(`The feed does not go on from ${position}`);
    this.name = 'PositionLostError';
  }
}

/** A position as its two numbers. */
const parts = (id: string): [birth: number, number: number] => {
  const [birth = 0, number = 0] = id.split('-').map(Number);
  return [birth, number];
};

/** How many entries `a` lies behind `b` in the same feed; negative if it lies before it. */
export function entriesBetween(a: string, b: string): number {
  return parts(b)[1] - parts(a)[1];
}

/**
 * Appends to a tenant's feed what has happened at one of its instances, and tells whoever reads it.
 * @param events of one instance, in order, without a gap; those that the feed has had are skipped
 * @returns how many were added
 */
export async function appendToFeed(
  redis: Redis,
  { tenant, instance }: { tenant: string; instance: string },
  events: readonly Pick<FlotillaEvent, 'sequence' | 'type'>[],
): Promise<number> {
  const newest = events.at(-1);
  if (!newest) return 0;
  const keys = [tenantKeys.feed(tenant), tenantKeys.fed(tenant, instance), tenantKeys.record(tenant)];
  const bounds = [fedTtlMs, keptPointers, newest.sequence - keptEvents, channels.fed(tenant)];
  const entries = events.flatMap(({ sequence, type }) => [sequence, type]);
  return Number(await appendScript(redis, keys, [instance, ...bounds, ...entries]));
}

/**
 * The oldest and the newest position of a tenant's feed, which begins now if there is none yet; undefined for a tenant
 * that does not exist.
 */
export async function feedBounds(
  redis: Redis,
  tenant: string,
): Promise<{ oldest: string; newest: string } | undefined> {
  const keys = [tenantKeys.feed(tenant), tenantKeys.record(tenant)];
  const [oldest, newest] = (await openScript(redis, keys, [])) as string[];
  return oldest === undefined || newest === undefined ? undefined : { oldest, newest };
}

/** Whether a feed with these bounds can be read from a position on without missing anything. */
export function reachesBack({ oldest, newest }: { oldest: string; newest: string }, position: string): boolean {
  const [birth, number] = parts(position);
  return birth === parts(oldest)[0] && number >= parts(oldest)[1] - 1 && number <= parts(newest)[1];
}

/** The position from which everything that is kept can be read. */
export function beginningOf({ oldest }: { oldest: string }): string {
  const [birth, number] = parts(oldest);
  // Number 0 is never an event.
  return `${birth}-${Math.max(0, number - 1)}`;
}

/**
 * Entries after a position, oldest first.
 * @param after a position, or `0` for all that are kept
 * @throws PositionLostError if entries between the position and the oldest one are gone
 */
export async function readFeed(redis: Redis, tenant: string, after: string, count: number): Promise<Pointer[]> {
  const from = after === '0' ? '-' : `(${after}`;
  const entries = await redis.xrange(tenantKeys.feed(tenant), from, '+', 'COUNT', count);
  const first = entries[0]?.[0];
  if (first !== undefined && after !== '0' && !follows(first, after)) throw new PositionLostError(after);
  return entries.map(([id, [, instance = '', , sequence, , type = '']]) => ({
    id,
    instance,
    sequence: Number(sequence),
    type,
  }));
}

const follows = (id: string, before: string) =>
  parts(id)[0] === parts(before)[0] && parts(id)[1] === parts(before)[1] + 1;

/**
 * The events that entries of a feed point to, in the same order; undefined for one that its log does not keep any more.
 * One command for each instance and row of neighbours, all in one round trip: the instances may lie in different slots,
 * and what stands between two that are wanted may be large.
 * @param pointers neighbours in the feed, or some of them
 */
export async function readPointed(redis: Redis, pointers: readonly Pointer[]): Promise<(FlotillaEvent | undefined)[]> {
  const found = new Map<string, FlotillaEvent>();
  const read = async (instance: string, [first, last]: [number, number]) => {
    const entries = await redis.xrange(instanceKeys.events(instance), `0-${first}`, `0-${last}`);
    for (const [id, [, stored]] of entries) {
      if (stored === undefined) continue;
      const sequence = Number(id.slice(2));
      const event: NewEvent = JSON.parse(stored);
      found.set(`${instance} ${sequence}`, { id: eventId(instance, sequence), instance, sequence, ...event });
    }
  };
  const real = pointers.filter(({ instance }) => instance !== '');
  const rows = [...Map.groupBy(real, ({ instance }) => instance)].flatMap(([instance, own]) =>
    neighbours(own.map(({ sequence }) => sequence)).map((row) => read(instance, row)),
  );
  await Promise.all(rows);
  return pointers.map(({ instance, sequence }) => found.get(`${instance} ${sequence}`));
}

/** Numbers that rise, as rows of neighbours: the first and the last of each. */
function neighbours(numbers: readonly number[]): [first: number, last: number][] {
  const rows: [number, number][] = [];
  for (const number of numbers) {
    const row = rows.at(-1);
    if (row && number === row[1] + 1) row[1] = number;
    else rows.push([number, number]);
  }
  return rows;
}

/** Deletes a tenant's feed, and the log of what concerns no instance; to be called when the tenant is being deleted. */
export async function removeFeed(redis: Redis, tenant: string): Promise<void> {
  await redis.del(tenantKeys.feed(tenant));
  await redis.del(instanceKeys.events(tenant), instanceKeys.relayed(tenant));
}
