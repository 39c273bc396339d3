import { type Collector, exposeCollector, type Logger } from '@flotilla/service';

/** Logins are over when there was none for so long (ms): what follows one takes some seconds. */
const quietMs = 8_000;

/** Fewer logins than this, or than this part of what is held, leave too little behind to stop the event loop for it. */
const fewest = 20;
const part = 0.2;

/** What a collection takes for each MB of the heap (ms), on a core that does nothing else. */
const msPerMb = 5;

/** A longer stop (ms) would bring the worker near to losing its lease. */
const longestMs = 3_000;

/** When it is looked again whether there is time for a collection (ms). */
const laterMs = 30_000;

/** How many times longer than its processor time something takes here now, because others use the core as well. */
function slowdown(): number {
  const began = performance.now();
  const used = process.threadCpuUsage();
  let usedMs = 0;
  while (usedMs < 5) {
    const { user, system } = process.threadCpuUsage(used);
    usedMs = (user + system) / 1_000;
  }
  return (performance.now() - began) / usedMs;
}

const expectedPauseMs = () => (process.memoryUsage().heapTotal / 1e6) * msPerMb * slowdown();

const shrinking = (collect: Collector) => () => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });

interface LoginGarbageOptions {
  /** How many instances this worker holds. */
  held(): number;
  log: Pick<Logger, 'info'>;
  /** Collects all garbage. */
  collect?: () => void;
  /** For how long it would stop the event loop (ms). */
  expectedMs?: () => number;
  quietMs?: number;
  laterMs?: number;
}

/**
 * Lets go of what logins leave behind, once they are over. A login takes some hundred kB for a second; when many come
 * together V8 makes room for all of it, and an idle process never gives it back: it looks for garbage only when more is
 * asked for. An ordinary collection is not enough: what lives is scattered over all of that room, and keeps it. So this is
 * the one that V8 has for when memory runs out. It costs the event loop some milliseconds for each MB
 * that lives (ten on a machine that is busy with other things), once after a rush, and more than halves what each
 * instance takes of the machine. It waits while that would take too long: on a core that is shared with ten others a second
 * becomes ten, and the lease is lost.
 * @returns a function to be called for each login
 */
export function createLoginGarbage({
  held,
  log,
  collect = shrinking(exposeCollector()),
  expectedMs = expectedPauseMs,
  quietMs: quiet = quietMs,
  laterMs: later = laterMs,
}: LoginGarbageOptions): () => void {
  let logins = 0;
  let timer: NodeJS.Timeout | undefined;
  let waiting: NodeJS.Timeout | undefined;

  const afterRush = () => {
    const enough = Math.max(fewest, held() * part);
    if (logins < enough) return;
    if (expectedMs() > longestMs) {
      waiting = setTimeout(afterRush, later).unref();
      return;
    }
    logins = 0;
    const before = process.memoryUsage.rss();
    const began = performance.now();
    collect();
    const ms = Math.round(performance.now() - began);
    log.info({ ms, freedBytes: before - process.memoryUsage.rss() }, 'memory.collected');
  };

  return () => {
    logins += 1;
    clearTimeout(waiting);
    timer ??= setTimeout(afterRush, quiet).unref();
    timer.refresh();
  };
}
