import type { Logger } from './logger.ts';
import { Counter, Gauge, type Registry } from './metrics.ts';

/** One go of a loop: a process may have many of the same name at a time, such as one lane for each instance. */
export interface LoopRun {
  /** It has got on: another round is done, whatever came of it. */
  progress(): void;
  /** It is over, or waits for something that may never come. */
  end(): void;
}

/** A loop by its name. */
export interface WatchedLoop {
  begin(): LoopRun;
  /** Watches one piece of work from its beginning to its end. */
  during<T>(work: () => Promise<T>): Promise<T>;
}

export interface LoopOptions {
  /** Longest time between two signs of progress (s). A multiple of what it takes at worst: it names what hangs. */
  boundSeconds: number;
  /** Nobody else does this work, and the process is of no use without it: a stall ends it, so that it is restarted. */
  vital?: boolean;
}

export type Watchdog = ReturnType<typeof createWatchdog>;

export interface WatchdogOptions {
  log: Pick<Logger, 'error' | 'info'>;
  metrics: Registry;
  /** Ends the watch: loops that are being closed need not get on. */
  signal: AbortSignal;
  /** Called once, with the first vital loop that stands still. */
  onVitalStall(loop: string): void;
  /** ms between looks. @default 1000 */
  everyMs?: number;
}

interface Loop extends Required<LoopOptions> {
  /** When each run has got on last; the run that has stood still longest comes first. */
  runs: Map<LoopRun, number>;
  stalled: boolean;
}

/**
 * Watches loops that nobody would miss at once: each reports progress, and one that does not for longer than its bound
 * is logged once by its name, and counted. Costs two operations on a map for each report.
 *
 * Time in which the process itself did not run (it was stopped, or its event loop blocked) counts for no loop.
 */
export function createWatchdog({ log, metrics, signal, onVitalStall, everyMs = 1_000 }: WatchdogOptions) {
  const loops = new Map<string, Loop>();
  let seenAt = performance.now();
  /** Time in which the process did not run (ms). */
  let lostMs = 0;
  let isUseless = false;

  /** The process's own time (ms). */
  const now = () => {
    const at = performance.now();
    // The timer below looks in between; where it could not, nothing else could get on either.
    if (at - seenAt > 2 * everyMs) lostMs += at - seenAt - everyMs;
    seenAt = at;
    return at - lostMs;
  };
  const idleSeconds = ({ runs }: Loop, at: number) => {
    const [oldest] = runs.values();
    return oldest === undefined ? 0 : (at - oldest) / 1_000;
  };

  const stalls = new Counter({
    name: 'flotilla_loop_stalls_total',
    help: 'How often a loop has stood still for longer than its bound',
    labelNames: ['loop'] as const,
    registers: [metrics],
  });
  new Gauge({
    name: 'flotilla_loop_idle_seconds',
    help: 'Seconds since a loop has got on; of several with the same name, the one that has stood still longest',
    labelNames: ['loop'] as const,
    registers: [metrics],
    collect() {
      const at = now();
      for (const [name, loop] of loops) this.set({ loop: name }, idleSeconds(loop, at));
    },
  });

  const look = () => {
    const at = now();
    for (const [name, loop] of loops) {
      const idle = idleSeconds(loop, at);
      const { boundSeconds, vital } = loop;
      if (loop.stalled === idle > boundSeconds) continue;
      loop.stalled = !loop.stalled;
      if (!loop.stalled) {
        log.info({ loop: name }, 'loop.recovered');
        continue;
      }
      stalls.inc({ loop: name });
      log.error({ loop: name, seconds: Math.round(idle), boundSeconds, vital }, 'loop.stalled');
      if (!vital || isUseless) continue;
      isUseless = true;
      onVitalStall(name);
    }
  };
  const timer = setInterval(look, everyMs).unref();
  signal.addEventListener('abort', () => clearInterval(timer));
  if (signal.aborted) clearInterval(timer);

  return {
    /** Declares a loop; each name once. */
    loop(name: string, { boundSeconds, vital = false }: LoopOptions): WatchedLoop {
      if (loops.has(name)) throw new RangeError(`The loop ${name} is watched already`);
      const runs: Loop['runs'] = new Map();
      loops.set(name, { boundSeconds, vital, runs, stalled: false });
      stalls.inc({ loop: name }, 0);
      const begin = (): LoopRun => {
        let isOver = false;
        const run = {
          progress() {
            if (isOver) return;
            // To the end of the map, which is in the order of insertion.
            runs.delete(run);
            runs.set(run, now());
          },
          end() {
            isOver = true;
            runs.delete(run);
          },
        };
        run.progress();
        return run;
      };
      return {
        begin,
        async during(work) {
          const run = begin();
          try {
            return await work();
          } finally {
            run.end();
          }
        },
      };
    },
  };
}
