import { endpointKeys } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';

/** The mailboxes of an endpoint in which something may wait. */
export async function mailboxesOf(redis: Redis, id: string): Promise<string[]> {
  const [named, ready, due, flying] = await Promise.all([
    redis.hkeys(endpointKeys.accepted(id)),
    redis.lrange(endpointKeys.ready(id), 0, -1),
    redis.zrange(endpointKeys.due(id), '0', '-1'),
    redis.zrange(endpointKeys.inFlight(id), '0', '-1'),
  ]);
  return [...new Set([...named, ...ready, ...due, ...flying])];
}

/** Keys deleted at a time. */
const batch = 500;

/**
 * Deletes everything that is kept of an endpoint, what waits for it included. Only for one whose record is gone: a worker
 * that is at it this very moment settles what it has in flight, and finds no endpoint then.
 */
export async function forgetEndpoint(redis: Redis, id: string): Promise<void> {
  const [mailboxes, deliveries, dead, replays] = await Promise.all([
    mailboxesOf(redis, id),
    redis.zrange(endpointKeys.deliveries(id), '0', '-1'),
    redis.zrange(endpointKeys.deadLetters(id), '0', '-1'),
    redis.zrange(endpointKeys.replays(id), '0', '-1'),
  ]);
  const keys = [
    ...mailboxes.map((mailbox) => endpointKeys.mailbox(id, mailbox)),
    ...deliveries.map((delivery) => endpointKeys.delivery(id, delivery)),
    ...dead.map((delivery) => endpointKeys.deadLetter(id, delivery)),
    ...replays.map((replay) => endpointKeys.replay(id, replay)),
    endpointKeys.replays(id),
    endpointKeys.accepted(id),
    endpointKeys.ready(id),
    endpointKeys.due(id),
    endpointKeys.inFlight(id),
    endpointKeys.behind(id),
    endpointKeys.backlog(id),
    endpointKeys.health(id),
    endpointKeys.deliveries(id),
    endpointKeys.deadLetters(id),
    endpointKeys.successes(id),
    endpointKeys.alert(id),
  ];
  for (let n = 0; n < keys.length; n += batch) await redis.del(...keys.slice(n, n + batch));
}
