import { balancePauseMs, createRest, movesAtMost, type PeerLoad, planMoves } from '@flotilla/lease';
import type { Logger } from '@flotilla/service';
import type { Worker } from '../worker.ts';
import type { Handover } from './handover.ts';
import { sleep } from './sweep.ts';

export interface BalanceOptions {
  worker: Worker;
  incarnation: string;
  capacity: number;
  /** How many workers are listed. */
  workers(): Promise<number>;
  /** Some of the workers that live, as `sampleWorkers` chooses them. */
  peers(): Promise<PeerLoad[]>;
  /** Logins that the whole fleet starts per second. */
  loginsPerSecond: number;
  /** Made anew for each round: who did not come once may come the next time. */
  handover(): Handover;
  log: Logger;
  signal: AbortSignal;
  /** Called before each comparison. */
  onRound(): void;
}

/** Hands instances to workers that carry less, idle ones first, until the signal fires. */
export async function keepBalance(options: BalanceOptions): Promise<void> {
  const { worker, incarnation, capacity, workers, peers, loginsPerSecond, handover, log, signal, onRound } = options;
  const rest = createRest();
  while (!signal.aborted) {
    await sleep(balancePauseMs(), signal);
    if (signal.aborted) return;
    onRound();
    try {
      const standing = { workers: await workers(), load: worker.holdings.size };
      if (rest.rests(standing)) continue;
      const me = { incarnation, capacity, load: standing.load };
      const others = await peers();
      const wanted = planMoves(me, others);
      rest.compared(standing, wanted.length);
      const recipients = wanted.slice(0, movesAtMost(loginsPerSecond, standing.workers, me, others));
      // One that is being paired stays where its phone is looking.
      const movable = [...worker.holdings.values()]
        .filter(({ connection: { state } }) => state.name === 'open' || state.name === 'backing-off')
        .sort((a, b) => b.idleMs - a.idleMs);
      const { hand } = handover();
      await Promise.allSettled(
        recipients.map(async (recipient, index) => {
          const holding = movable[index];
          if (!holding) return;
          await worker.giveAway(holding, () => hand(holding.id, recipient));
          log.info({ instance: holding.id, to: recipient }, 'instance.moved');
        }),
      );
    } catch (error) {
      log.debug({ err: error }, 'balance.failed');
    }
  }
}
