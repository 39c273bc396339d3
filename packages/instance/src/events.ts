import { eventId, type FlotillaEvent, instanceKeys, type NewEvent } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';

/** Events kept per instance for readers that resume; what waits to be relayed is kept in any case. */
export const keptEvents = 5_000;

/**
 * The XADD that appends an event, for use in a fenced batch. Redis numbers it: entry ids are `0-<sequence>`.
 * @see `instanceKeys.events`
 */
export function appendEvent(instance: string, event: NewEvent) {
  const entry = JSON.stringify({ type: event.type, occurredAt: event.occurredAt, data: event.data });
  return { command: 'xadd', key: instanceKeys.events(instance), args: ['0-*', 'event', entry] };
}

/**
 * Events of an instance after a sequence, oldest first.
 * @param after sequence of the last event that the reader has; 0 for all that are kept
 */
export async function readEvents(
  redis: Redis,
  instance: string,
  after: number,
  count: number,
): Promise<FlotillaEvent[]> {
  return eventsOf(instance, await redis.xrange(instanceKeys.events(instance), `0-${after + 1}`, '+', 'COUNT', count));
}

/** Entries of an instance's log, as Redis gives them, as events. */
export function eventsOf(instance: string, entries: readonly [id: string, fields: string[]][]): FlotillaEvent[] {
  return entries.flatMap(([id, fields]) => {
    const stored = fields[1];
    if (stored === undefined) return [];
    const sequence = Number(id.slice(2));
    const event: NewEvent = JSON.parse(stored);
    return [{ id: eventId(instance, sequence), instance, sequence, ...event }];
  });
}

/** Sequence of the newest event; 0 if there was none yet. */
export async function lastSequence(redis: Redis, instance: string): Promise<number> {
  const newest = await redis.xrevrange(instanceKeys.events(instance), '+', '-', 'COUNT', 1);
  return Number(newest[0]?.[0].slice(2) ?? 0);
}

/** Events kept at most while somebody is behind with them. */
const heldEvents = 100_000;

/**
 * Drops old events that have been relayed.
 * @param relayed the last sequence that was relayed
 * @param held the last sequence that all who want it have taken; what is behind it is kept longer, within bounds
 */
export async function trimEvents(redis: Redis, instance: string, relayed: number, held = relayed): Promise<void> {
  const oldest = Math.max(Math.min(relayed - keptEvents, held), relayed - heldEvents);
  if (oldest > 0) await redis.xtrim(instanceKeys.events(instance), 'MINID', '~', `0-${oldest}`);
}
