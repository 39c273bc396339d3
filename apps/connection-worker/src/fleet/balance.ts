import { instanceKeys, workerKeys } from '@flotilla/contracts';
import type { Queues } from '@flotilla/queue';
import type { Redis } from '@flotilla/redis';
import type { Logger } from '@flotilla/service';
import type { Worker } from '../worker.ts';
import { sleep } from './sweep.ts';

/** How often to compare loads (ms), with jitter. */
const everyMs = 3_000;
/** How long a peer has to claim what it was handed before everybody is asked (ms). */
const claimWithinMs = 3_000;

/** A worker and its load, as peers see it. */
export interface PeerLoad {
  incarnation: string;
  load: number;
  capacity: number;
}

/**
 * How many instances to hand to whom in this round. Moving costs a reconnect, so nothing moves for small differences,
 * and the more the larger the imbalance.
 * @returns at most one recipient for each instance to move, the emptiest first
 */
export function planMoves(me: PeerLoad, peers: readonly PeerLoad[]): string[] {
  const others = peers.filter(({ incarnation, load, capacity }) => incarnation !== me.incarnation && load < capacity);
  if (others.length === 0) return [];
  const total = [me, ...others].reduce((sum, { load }) => sum + load, 0);
  const fair = Math.ceil(total / (others.length + 1));
  const excess = me.load - fair;
  const emptiestLoad = Math.min(...others.map(({ load }) => load));
  if (excess <= 0 || me.load - emptiestLoad <= Math.max(1, 2 * Math.floor(fair / 10))) return [];
  const loads = new Map(others.map(({ incarnation, load }) => [incarnation, load]));
  const moves: string[] = [];
  for (let n = Math.ceil(excess / 4); n > 0; n--) {
    const [emptiest] = [...loads].sort(([, a], [, b]) => a - b);
    if (!emptiest || emptiest[1] + 1 > fair) break;
    loads.set(emptiest[0], emptiest[1] + 1);
    moves.push(emptiest[0]);
  }
  return moves;
}

export interface BalanceOptions {
  redis: Redis;
  queues: Pick<Queues, 'requestConnect'>;
  worker: Worker;
  incarnation: string;
  capacity: number;
  log: Logger;
  signal: AbortSignal;
  /** Called before each comparison. */
  onRound(): void;
}

/** Hands instances to workers that carry less, idle ones first, until the signal fires. */
export async function keepBalance({
  redis,
  queues,
  worker,
  incarnation,
  capacity,
  log,
  signal,
  onRound,
}: BalanceOptions): Promise<void> {
  while (!signal.aborted) {
    await sleep(everyMs * (0.75 + Math.random() * 0.5), signal);
    if (signal.aborted) return;
    onRound();
    try {
      const me = { incarnation, capacity, load: worker.holdings.size };
      const recipients = planMoves(me, await worker.peers());
      // One that is being paired stays where its phone is looking.
      const movable = [...worker.holdings.values()]
        .filter(({ connection: { state } }) => state.name === 'open' || state.name === 'backing-off')
        .sort((a, b) => b.idleMs - a.idleMs);
      await Promise.allSettled(
        recipients.map(async (recipient, index) => {
          const holding = movable[index];
          if (!holding) return;
          await worker.giveAway(holding, async () => {
            await redis.rpush(workerKeys.wake(recipient), holding.id);
            await ensureClaimed(redis, queues, holding.id);
          });
          log.info({ instance: holding.id, to: recipient }, 'instance.moved');
        }),
      );
    } catch (error) {
      log.debug({ err: error }, 'balance.failed');
    }
  }
}

/** Waits until somebody owns the instance; asks everybody if the one who was asked does not come. */
async function ensureClaimed(redis: Redis, queues: Pick<Queues, 'requestConnect'>, instance: string): Promise<void> {
  const deadline = performance.now() + claimWithinMs;
  while (performance.now() < deadline) {
    if (await redis.hget(instanceKeys.ownership(instance), 'owner')) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await queues.requestConnect(instance, 'orphan');
}
