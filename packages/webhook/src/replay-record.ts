import { endpointKeys, type Replay, type ReplayState } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';
import { bounds } from './bounds.ts';

const endScript = defineScript(new URL('./end-replay.lua', import.meta.url));

/** What a replay is to send: decided when it is asked for, and never changed. */
export interface ReplaySpec {
  tenant: string;
  /** The endpoint whose events they are. */
  webhook: string;
  from: number;
  to: number;
  missedOnly: boolean;
  events?: string[] | undefined;
  instances?: string[] | undefined;
  perSecond: number;
  createdAt: number;
}

/** An instance whose log is looked through, up to a sequence: what comes after it is live traffic. */
export type PlannedInstance = [instance: string, upTo: number];

/** How far a replay is: which instance of the plan, and the last sequence of it that was looked at; 0 before the first. */
export interface ReplayPosition {
  index: number;
  after: number;
}

/** A replay as it is stored. */
export interface StoredReplay {
  /** The endpoint that gets the events. */
  endpoint: string;
  id: string;
  state: ReplayState;
  spec: ReplaySpec;
  plan: PlannedInstance[];
  position: ReplayPosition;
  /** The position as it is stored. */
  storedPosition: string;
  truncated: Replay['truncated'];
  counts: Record<'found' | 'delivered' | 'dead' | 'skipped', number>;
  reason?: string | undefined;
  startedAt?: number | undefined;
  endedAt?: number | undefined;
}

export const formatPosition = ({ index, after }: ReplayPosition) => `${index}:${after}`;

/** Whether a replay is under way. */
export const isUnderWay = ({ state }: Pick<StoredReplay, 'state'>) => state === 'queued' || state === 'running';

/** Whether there is nothing left that it has not looked at. */
export const hasLookedAtAll = ({ plan, position }: Pick<StoredReplay, 'plan' | 'position'>) =>
  position.index >= plan.length;

/** The replay with this id, without its endpoint; undefined if there is none. */
export async function readReplay(redis: Redis, endpoint: string, id: string): Promise<StoredReplay | undefined> {
  const fields = await redis.hgetall(endpointKeys.replay(endpoint, id));
  const { state, spec, plan, position = '0:0', truncated, reason, startedAt, endedAt } = fields;
  if (state === undefined || spec === undefined || plan === undefined) return undefined;
  const [index = 0, after = 0] = position.split(':').map(Number);
  const counted = (name: string) => Number(fields[name] ?? 0);
  return {
    endpoint,
    id,
    state: state as ReplayState,
    spec: JSON.parse(spec),
    plan: JSON.parse(plan),
    position: { index, after },
    storedPosition: position,
    truncated: truncated ? JSON.parse(truncated) : [],
    counts: {
      found: counted('found'),
      delivered: counted('delivered'),
      dead: counted('dead'),
      skipped: counted('skipped'),
    },
    reason,
    startedAt: startedAt ? Number(startedAt) : undefined,
    endedAt: endedAt ? Number(endedAt) : undefined,
  };
}

/**
 * Ends a replay that is under way.
 * @param end `done` only if nothing is left to be sent; the others drop what waits
 * @returns `ended`, `left`: something is left to be sent, or `over`: it had ended
 */
export async function endReplay(
  redis: Redis,
  { endpoint, id, storedPosition }: Pick<StoredReplay, 'endpoint' | 'id' | 'storedPosition'>,
  end: { state: 'done' | 'cancelled' } | { state: 'failed'; reason: string },
): Promise<'ended' | 'left' | 'over'> {
  const result = Number(
    await endScript(
      redis,
      [
        endpointKeys.replay(endpoint, id),
        endpointKeys.mailbox(endpoint, id),
        endpointKeys.accepted(endpoint),
        endpointKeys.backlog(endpoint),
      ],
      [
        ...[end.state, 'reason' in end ? end.reason : '', bounds.replayTtlMs, id],
        end.state === 'done' ? storedPosition : '',
      ],
    ),
  );
  if (result === 1) return 'ended';
  return result === 0 ? 'left' : 'over';
}

/** What the tenant sees of a replay. */
export function toReplay(replay: StoredReplay): Replay {
  const { endpoint, id, state, spec, plan, position, counts, truncated, reason, startedAt, endedAt } = replay;
  const { webhook, from, to, missedOnly, events, instances, perSecond, createdAt } = spec;
  const settled = counts.delivered + counts.dead + counts.skipped;
  return {
    id: `${endpoint}.${id}`,
    webhook,
    target: endpoint,
    state,
    ...(reason && { reason }),
    from,
    to,
    missedOnly,
    ...(events && { events }),
    ...(instances && { instances }),
    perSecond,
    createdAt,
    ...(startedAt && { startedAt }),
    ...(endedAt && { endedAt }),
    counts: {
      instances: plan.length,
      instancesDone: Math.min(position.index, plan.length),
      ...counts,
      waiting: isUnderWay(replay) ? Math.max(0, counts.found - settled) : 0,
    },
    truncated,
  };
}
