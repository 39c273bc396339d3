import {
  type EndpointRecord,
  type FlotillaEvent,
  instanceKeys,
  type RelayJob,
  type TurnJob,
} from '@flotilla/contracts';
import { appendToFeed, readEvents, trimEvents } from '@flotilla/instance';
import type { Queues } from '@flotilla/queue';
import { defineScript, type Redis } from '@flotilla/redis';
import { push, readEndpoints } from '@flotilla/webhook';
import type { WebhookFaultPoints } from './fault-points.ts';
import { subscribes } from './subscribes.ts';

const raiseRelayed = defineScript(new URL('./raise-relayed.lua', import.meta.url));

/** Events read at a time. */
const batch = 100;

/**
 * Clocks of gateway and connection worker may differ by this much (ms) before an event that came after an endpoint was
 * created is taken for an older one.
 */
const clockTolerance = 10_000;

/** Whether an endpoint gets an event now. */
export const wants = (endpoint: EndpointRecord, event: FlotillaEvent): boolean =>
  endpoint.enabled && event.occurredAt >= endpoint.createdAt - clockTolerance && subscribes(endpoint, event);

export interface RelayParts {
  redis: Redis;
  queues: Pick<Queues, 'addTurns' | 'nudgeRelay'>;
  /** Ends the relay after the batch at hand; what is left is asked for anew. */
  stopping: AbortSignal;
  /** Told when the oldest event of a batch happened (Unix ms), after the batch is where it belongs. */
  onRelayed?(occurredAt: number): void;
  faults?: WebhookFaultPoints;
}

/**
 * Hands an instance's new events to the feed of its tenant and to the mailboxes of its endpoints. The cursor rises last:
 * whatever dies on the way, the next relay does it all again, and feed and mailboxes skip what they have had.
 */
export async function relay({ redis, queues, stopping, faults, onRelayed }: RelayParts, job: RelayJob): Promise<void> {
  const { instance, tenant } = job;
  const cursor = instanceKeys.relayed(instance);
  let after = Number((await redis.get(cursor)) ?? 0);
  for (;;) {
    const events = await readEvents(redis, instance, after, batch);
    const newest = events.at(-1)?.sequence;
    if (newest === undefined) return;
    // First, because live streams wait for it.
    await appendToFeed(redis, job, events);
    // Read after the events: an endpoint that was created before one of them happened is always seen.
    const endpoints = await readEndpoints(redis, tenant);
    const turns: TurnJob[] = [];
    await Promise.all(
      endpoints.map(async (endpoint) => {
        const wanted = events.filter((event) => wants(endpoint, event));
        if (wanted.length === 0) return;
        faults?.reach('crash-before-push');
        await push(redis, { endpoint: endpoint.id, instance }, wanted);
        // Even if nothing was added: a relay before this one may have died between the mailbox and the turn.
        turns.push({ endpoint: endpoint.id, tenant, instance });
      }),
    );
    if (turns.length > 0) faults?.reach('crash-between-push-and-cursor');
    await queues.addTurns(turns);
    await raiseRelayed(redis, [cursor], [newest]);
    if (events[0]) onRelayed?.(events[0].occurredAt);
    await trimEvents(redis, instance, newest);
    if (events.length < batch) return;
    if (stopping.aborted) return await queues.nudgeRelay(job);
    after = newest;
  }
}
