import type { HistoryWriter } from '@flotilla/history';
import type { Logger } from '@flotilla/service';
import type { InstanceStore } from '../instance-store.ts';
import { sleep } from './sweep.ts';

/** How often every history is looked at (ms), with a tenth of jitter. */
const trimEveryMs = 600_000;
/** How often a history is looked at to which nothing was added (ms): in it, messages only grow too old. */
const quietEveryMs = 2 * 3_600_000;

interface TrimOptions {
  /** What this worker holds now. */
  holdings(): Iterable<{
    id: string;
    history: Pick<HistoryWriter, 'trim'>;
    store: Pick<InstanceStore, 'write' | 'writtenAt'>;
  }>;
  /** Whether the worker's lease allows to write now. */
  mayWork(): boolean;
  signal: AbortSignal;
  log: Pick<Logger, 'debug'>;
  /** Called for each history that is looked at, and at least in each round. */
  onRound?(): void;
  everyMs?: number;
}

/**
 * Keeps the histories of all held instances within their bounds, one after the other: also of those that only send, and
 * of quiet ones, whose messages grow old. Costs a few commands for each instance every ten minutes.
 */
export async function trimHistories({
  holdings,
  mayWork,
  signal,
  log,
  onRound = () => {},
  everyMs = trimEveryMs,
}: TrimOptions) {
  /** Monotonic time from before the last look; kept for as long as the holding is. */
  const trimmedAt = new WeakMap<object, number>();
  while (!signal.aborted) {
    await sleep(everyMs * (0.9 + Math.random() * 0.2), signal);
    onRound();
    for (const holding of [...holdings()]) {
      const { id, history, store } = holding;
      onRound();
      if (signal.aborted) return;
      if (!mayWork()) break;
      const now = performance.now();
      const last = trimmedAt.get(holding);
      if (last !== undefined && store.writtenAt < last && now - last < quietEveryMs) continue;
      try {
        await history.trim((commands) => store.write(commands));
        trimmedAt.set(holding, now);
      } catch (error) {
        // Redis is away, or the instance was given away meanwhile: the next round, or the next owner, trims.
        log.debug({ err: error, instance: id }, 'history.not-trimmed');
      }
    }
  }
}
