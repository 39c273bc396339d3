import {
  type EndpointRecord,
  endpointKeys,
  type FlotillaEvent,
  instanceKeys,
  type RelayJob,
  type TurnJob,
  tenantKeys,
} from '@flotilla/contracts';
import { appendToFeed, eventsOf, readEvents, trimEvents } from '@flotilla/instance';
import type { Queues } from '@flotilla/queue';
import { type Confirmations, defineScript, keepsOrder, type Redis, scriptsResent } from '@flotilla/redis';
import type { Logger } from '@flotilla/service';
import { push, readEndpoint, readEndpoints } from '@flotilla/webhook';
import type { WebhookFaultPoints } from './fault-points.ts';
import { subscribes } from './subscribes.ts';
import type { WorkerMetrics } from './worker-metrics.ts';

const readNew = defineScript(new URL('./read-new.lua', import.meta.url));
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
  queues: Pick<Queues, 'addTurns' | 'nudgeRelay' | 'addRelay'>;
  /** Where replicas are asked whether they have what was handed on, before the cursor says so. */
  confirmations?: Pick<Confirmations, 'begin'> | undefined;
  /** Has somebody here see to an endpoint's mailboxes, see `createOwnTurns`; undefined if a job has to be asked for. */
  attend: (job: TurnJob, isQuiet: boolean) => Promise<void> | undefined;
  /** Told of endpoints that were read just now. */
  onEndpoint?(endpoint: EndpointRecord): void;
  /** Does the work on one batch when it is the tenant's turn: one with many events delays no other. Default: at once. */
  inTurn?: <T>(tenant: string, work: () => Promise<T>) => Promise<T>;
  /** Ends the relay after the batch at hand; what is left is asked for anew. */
  stopping: AbortSignal;
  /** Told when the oldest event of a batch happened (Unix ms), after the batch is where it belongs. */
  onRelayed?(occurredAt: number): void;
  metrics: { missed: Pick<WorkerMetrics['missed'], 'inc'> };
  log: Pick<Logger, 'warn'>;
  faults?: WebhookFaultPoints;
}

/**
 * Puts into an endpoint's mailbox what has had to stay in the log for want of room, as far as there is room now.
 * @param after the last sequence that was put in
 * @returns the last sequence that is in, or that the endpoint does not want
 */
async function catchUp(
  { redis, metrics, log }: RelayParts,
  endpoint: EndpointRecord,
  instance: string,
  after: number,
): Promise<number> {
  let done = after;
  for (;;) {
    const events = await readEvents(redis, instance, done, batch);
    const [oldest] = events;
    // The log is held back for those who are behind, but not for ever.
    if (oldest && done > 0 && oldest.sequence > done + 1) {
      metrics.missed.inc(oldest.sequence - done - 1);
      log.warn({ endpoint: endpoint.id, instance, from: done + 1, to: oldest.sequence - 1 }, 'webhook.events-missed');
    }
    const wanted = events.filter((event) => wants(endpoint, event));
    const isEnd = events.length < batch;
    const { last, isBehind } = await push(redis, { endpoint: endpoint.id, instance }, wanted, {
      ordering: endpoint.ordering,
      catchUp: isEnd ? 'caught-up' : 'catch-up',
    });
    const newest = wanted.at(-1)?.sequence;
    // Full again.
    if (newest !== undefined && newest > last) return last;
    done = events.at(-1)?.sequence ?? done;
    if (isEnd && !isBehind) return done;
    if (isEnd) return last;
  }
}

/** Gives an endpoint that is behind what there is room for again. */
async function resume(parts: RelayParts, { instance, tenant }: RelayJob, id: string): Promise<void> {
  const { redis, queues, attend } = parts;
  const endpoint = await readEndpoint(redis, tenant, id);
  if (!endpoint) return;
  const { last, isBehind } = await push(redis, { endpoint: id, instance }, []);
  if (!isBehind) return;
  await catchUp(parts, endpoint, instance, last);
  const turn = { endpoint: id, tenant };
  await (attend(turn, false) ?? queues.addTurns([turn]));
}

/** Events as they are stored. */
type Entries = [id: string, fields: string[]][];

/**
 * The first events behind the last one that was handed on, and in the same round trip the endpoints of the tenant, where
 * the server does one after the other.
 * @returns without endpoints where it is not sure that they were read after the events
 */
async function readFirst(
  redis: Redis,
  { instance, tenant }: RelayJob,
): Promise<{ entries: Entries; endpoints?: EndpointRecord[] }> {
  const keys = [instanceKeys.relayed(instance), instanceKeys.events(instance)];
  const before = scriptsResent();
  const [entries, endpoints] = await Promise.all([
    readNew(redis, keys, [batch]) as Promise<Entries>,
    keepsOrder(redis) ? readEndpoints(redis, tenant) : undefined,
  ]);
  return { entries, ...(endpoints && scriptsResent() === before && { endpoints }) };
}

/**
 * Hands one batch of an instance's events to the feed of its tenant and to the mailboxes of its endpoints.
 * @param known the tenant's endpoints, if they have been read after the events: one that was created before an event
 *   happened is always among them
 * @returns the last sequence that is handed on now; undefined if there are no more
 */
async function relayBatch(
  parts: RelayParts,
  { instance, tenant }: RelayJob,
  events: readonly FlotillaEvent[],
  known?: readonly EndpointRecord[],
): Promise<number | undefined> {
  const { redis, queues, attend, faults, confirmations, onRelayed, onEndpoint } = parts;
  const newest = events.at(-1)?.sequence;
  if (newest === undefined) return undefined;
  const unconfirmedFeed = await confirmations?.begin(tenantKeys.feed(tenant));
  // First, because live streams wait for it.
  const fed = appendToFeed(redis, { instance, tenant }, events);
  // What fails it is thrown below: until then others may have failed.
  fed.catch(() => {});
  const endpoints = known ?? (await readEndpoints(redis, tenant));
  if (faults?.waits('crash-before-push')) await fed;
  const unconfirmed = await confirmations?.begin(...endpoints.map(({ id }) => endpointKeys.accepted(id)));
  const turns: TurnJob[] = [];
  const attended: Promise<void>[] = [];
  let held = newest;
  await Promise.all(
    endpoints.map(async (endpoint) => {
      onEndpoint?.(endpoint);
      const wanted = events.filter((event) => wants(endpoint, event));
      if (wanted.length === 0) return;
      faults?.reach('crash-before-push');
      const { id, ordering } = endpoint;
      const { last, isBehind, isQuiet } = await push(redis, { endpoint: id, instance }, wanted, { ordering });
      if (isBehind) held = Math.min(held, await catchUp(parts, endpoint, instance, last));
      // Even if nothing was added: a relay before this one may have died between the mailbox and the turn. Whoever is
      // at it here looks by himself, and somebody goes on with it if he dies.
      const turn = { endpoint: id, tenant };
      const seenTo = attend(turn, isQuiet);
      if (seenTo) attended.push(seenTo);
      else turns.push(turn);
    }),
  );
  if (turns.length > 0 || attended.length > 0) faults?.reach('crash-between-push-and-cursor');
  await fed;
  await Promise.all([queues.addTurns(turns), ...attended, unconfirmedFeed?.confirm(), unconfirmed?.confirm()]);
  // In this order, in one round trip.
  await Promise.all([
    raiseRelayed(redis, [instanceKeys.relayed(instance)], [newest]),
    trimEvents(redis, instance, newest, held),
  ]);
  if (events[0]) onRelayed?.(events[0].occurredAt);
  return events.length < batch ? undefined : newest;
}

/**
 * Hands an instance's new events to the feed of its tenant and to the mailboxes of its endpoints. The cursor rises last:
 * whatever dies on the way, the next relay does it all again, and feed and mailboxes skip what they have had. On a
 * cluster they are at other masters than the cursor, which must not rise for what one of those may still lose.
 * @param isJob whether it is a job, of which there is one for each instance in the fleet; else it makes one if there is
 *   more to do than one batch, so that not several workers are at it
 */
export async function relay(parts: RelayParts, job: RelayJob, { isJob = true } = {}): Promise<void> {
  const { redis, queues, stopping, inTurn = (_, work) => work() } = parts;
  const { instance, tenant, endpoint } = job;
  if (endpoint !== undefined) return inTurn(tenant, () => resume(parts, job, endpoint));
  let after: number | undefined = await inTurn(tenant, async () => {
    const { entries, endpoints } = await readFirst(redis, job);
    if (isJob || entries.length < batch) return relayBatch(parts, job, eventsOf(instance, entries), endpoints);
    await queues.addRelay(job);
    return undefined;
  });
  while (after !== undefined) {
    if (stopping.aborted) return await queues.nudgeRelay(job);
    const from: number = after;
    after = await inTurn(tenant, async () => relayBatch(parts, job, await readEvents(redis, instance, from, batch)));
  }
}
