import { type Collector, exposeCollector, type Logger } from '@flotilla/service';

/** Logins are over when there was none for so long (ms): what follows one takes some seconds. */
const quietMs = 8_000;

/** Fewer logins than this, or than this part of what is held, leave too little behind to stop the event loop for it. */
const fewest = 20;
const part = 0.2;

const shrinking = (collect: Collector) => () => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });

interface LoginGarbageOptions {
  /** How many instances this worker holds. */
  held(): number;
  log: Pick<Logger, 'info'>;
  /** Collects all garbage. */
  collect?: () => void;
  quietMs?: number;
}

/**
 * Lets go of what logins leave behind, once they are over. A login takes some hundred kB for a second; when many come
 * together V8 makes room for all of it, and an idle process never gives it back: it looks for garbage only when more is
 * asked for. An ordinary collection is not enough: what lives is scattered over all of that room, and keeps it. So this is
 * the one that V8 has for when memory runs out. It costs the event loop some milliseconds for each MB
 * that lives (ten on a machine that is busy with other things), once after a rush, and more than halves what each
 * instance takes of the machine.
 * @returns a function to be called for each login
 */
export function createLoginGarbage({
  held,
  log,
  collect = shrinking(exposeCollector()),
  quietMs: quiet = quietMs,
}: LoginGarbageOptions): () => void {
  let logins = 0;
  let timer: NodeJS.Timeout | undefined;

  const afterRush = () => {
    const enough = Math.max(fewest, held() * part);
    if (logins < enough) return;
    logins = 0;
    const before = process.memoryUsage.rss();
    const began = performance.now();
    collect();
    const ms = Math.round(performance.now() - began);
    log.info({ ms, freedBytes: before - process.memoryUsage.rss() }, 'memory.collected');
  };

  return () => {
    logins += 1;
    timer ??= setTimeout(afterRush, quiet).unref();
    timer.refresh();
  };
}
