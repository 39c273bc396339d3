import { endpointKeys, type FlotillaEvent, type ReplayJob, type TurnJob } from '@flotilla/contracts';
import { readEvents } from '@flotilla/instance';
import type { Redis } from '@flotilla/redis';
import {
  type Again,
  deliverAgain,
  endReplay,
  fitsPattern,
  formatPosition,
  hasLookedAtAll,
  isUnderWay,
  missedOf,
  type ReplayPosition,
  readDeliveries,
  readEndpoint,
  readReplay,
  type StoredReplay,
} from '@flotilla/webhook';
import { subscribes } from './subscribes.ts';

/** How often a replay is carried on (ms): it sends half a second's share at a time. */
const stepMs = 500;

/** Events of a log that are read at a time, and looked at in one step. */
const batch = 100;
const mostLooked = 2_000;

/** Events of a replay that wait for the endpoint at most, unless it takes more within a second. */
const mostWaiting = 100;

/** Events of a log stand in the order in which they were written down, which may differ from that of their times by this much (ms). */
const timeTolerance = 600_000;

export interface ReplayParts {
  redis: Redis;
  /** asks for a turn of an endpoint. */
  addTurns: (jobs: readonly TurnJob[]) => Promise<void>;
  onEnd: (replay: { endpoint: string; replay: string; state: 'done' | 'failed' }) => void;
}

/** What one step has found. */
interface Found {
  events: FlotillaEvent[];
  position: ReplayPosition;
}

/**
 * Carries a replay on by one step: reads on in the event logs, and puts what is to be sent into the mailbox of the replay,
 * from where it is delivered like everything else, beside the live traffic. How far it is changes in the script that fills
 * the mailbox: whatever dies on the way, the next step goes on where the last one ended.
 * @returns ms after which it wants the next step; undefined once it is over
 */
export async function replayStep({ redis, addTurns, onEnd }: ReplayParts, job: ReplayJob): Promise<number | undefined> {
  const { tenant, endpoint } = job;
  const replay = await readReplay(redis, endpoint, job.replay);
  if (!replay || !isUnderWay(replay)) return undefined;
  const [target, source] = await Promise.all([
    readEndpoint(redis, tenant, endpoint),
    readEndpoint(redis, tenant, replay.spec.webhook),
  ]);
  if (!target) return undefined;
  const obstacle = target.enabled
    ? !source && 'The webhook whose events they are was deleted'
    : 'The webhook that gets the events was switched off';
  if (obstacle) {
    await endReplay(redis, replay, { state: 'failed', reason: obstacle });
    onEnd({ endpoint, replay: replay.id, state: 'failed' });
    return undefined;
  }

  const { perSecond, missedOnly } = replay.spec;
  const pauseMs = Math.max(stepMs, 1_000 / perSecond);
  const mailbox = { endpoint, instance: replay.id };
  const waiting = await redis.llen(endpointKeys.mailbox(endpoint, replay.id));
  // Also for those of the last step: who put them there may have died before asking for a turn.
  if (waiting > 0) await addTurns([{ endpoint, tenant }]);
  if (hasLookedAtAll(replay)) {
    const end = await endReplay(redis, replay, { state: 'done' });
    if (end === 'left') return pauseMs;
    if (end === 'ended') onEnd({ endpoint, replay: replay.id, state: 'done' });
    return undefined;
  }

  const share = Math.max(1, Math.floor((perSecond * pauseMs) / 1_000));
  const room = Math.min(share, Math.max(mostWaiting, share) - waiting);
  if (room <= 0) return pauseMs;
  const wanted = (event: FlotillaEvent) => {
    const { from, to, events } = replay.spec;
    if (event.occurredAt < from || event.occurredAt > to || !subscribes(target, event)) return false;
    if (missedOnly && source && !subscribes(source, event)) return false;
    return !events || events.some((pattern) => fitsPattern(pattern, event.type));
  };
  const found = await findNext(redis, replay, room, async (events) => {
    const fitting = events.filter(wanted);
    return missedOnly ? missedOf(redis, replay.spec.webhook, fitting) : fitting;
  });
  const again = await withAttempts(redis, endpoint, found.events);
  await deliverAgain(redis, mailbox, again, {
    via: replay.id,
    step: { replay: replay.id, before: replay.storedPosition, position: formatPosition(found.position) },
  });
  if (again.length > 0) await addTurns([{ endpoint, tenant }]);
  // Where a long stretch held nothing there is nothing to go easy on.
  return again.length < room ? 0 : pauseMs;
}

/** Reads on until there are so many events that fit, or enough was looked at. */
async function findNext(
  redis: Redis,
  { plan, position, spec }: StoredReplay,
  room: number,
  choose: (events: readonly FlotillaEvent[]) => Promise<FlotillaEvent[]>,
): Promise<Found> {
  const events: FlotillaEvent[] = [];
  let { index, after } = position;
  for (let looked = 0; looked < mostLooked && events.length < room && index < plan.length; ) {
    const [instance, upTo] = plan[index] ?? ['', 0];
    if (after === 0) after = (await firstSince(redis, instance, spec.from - timeTolerance, upTo)) - 1;
    const read = (await readEvents(redis, instance, after, batch)).filter(({ sequence }) => sequence <= upTo);
    const chosen = (await choose(read)).slice(0, room - events.length);
    events.push(...chosen);
    looked += read.length + 1;
    const isPast = (read[0]?.occurredAt ?? 0) > spec.to + timeTolerance;
    if (events.length === room && chosen.length > 0) {
      // What stands behind the last one that has room is looked at again.
      after = chosen.at(-1)?.sequence ?? after;
    } else if (read.length < batch || isPast) {
      index += 1;
      after = 0;
    } else {
      after = read.at(-1)?.sequence ?? after;
    }
  }
  return { events, position: { index, after } };
}

/** The first sequence of a log from which on events happened at a time or later: found by halving. */
async function firstSince(redis: Redis, instance: string, time: number, upTo: number): Promise<number> {
  const [oldest] = await readEvents(redis, instance, 0, 1);
  if (!oldest || oldest.occurredAt >= time) return oldest?.sequence ?? upTo + 1;
  let low = oldest.sequence;
  let high = upTo + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const [event] = await readEvents(redis, instance, middle - 1, 1);
    if (event && event.sequence < high && event.occurredAt < time) low = event.sequence;
    else high = middle;
  }
  return low;
}

/** Events with what was tried of them before, as far as it failed. */
async function withAttempts(redis: Redis, endpoint: string, events: readonly FlotillaEvent[]): Promise<Again[]> {
  const known = await readDeliveries(
    redis,
    endpoint,
    events.map(({ id }) => id),
  );
  return events.map((event) => ({ event, attempts: known.get(event.id)?.attempts ?? [] }));
}
