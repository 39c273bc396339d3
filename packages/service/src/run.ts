import closeWithGrace from 'close-with-grace';
import type { Static, TObject } from 'typebox';
import { Closer } from './closer.ts';
import { loadConfig } from './config.ts';
import { ConfigError, isConfigError } from './config-error.ts';
import { createLogger, type Logger } from './logger.ts';
import { createMetrics, type Registry } from './metrics.ts';
import { createWatchdog, type Watchdog } from './watchdog.ts';

/** What an app gets to build itself with. */
export interface Frame<Config> {
  config: Config;
  log: Logger;
  /** Add everything that was opened, in the order of opening. */
  closer: Closer;
  metrics: Registry;
  /** Declare loops that could stall: one that the process is of no use without ends it as an uncaught error does. */
  watchdog: Watchdog;
}

export interface RunOptions<T extends TObject> {
  /** The app's name in logs and metrics. */
  name: string;
  /** One property for each variable; `LOG_LEVEL`, if it is there, sets the logger's level. */
  schema: T;
  /** Builds and starts the app. What it opened it adds to `closer`. */
  start: (frame: Frame<Static<T>>) => unknown;
  /** Longest time from the first signal to the end of the process, in milliseconds. Default 50 s. */
  graceMs?: number;
}

/**
 * The frame of each `main.ts`: configuration, logger, metrics, then `start`, and an orderly end.
 *
 * SIGTERM, SIGINT and SIGHUP close what was opened in reverse order and exit with 0; so do an uncaught error (one more
 * while closing is only logged) and a vital loop that stands still, with 1 after it was logged. A second signal, or
 * `graceMs`, ends the process as it is. Something that the operator has to change (a {@link ConfigError}, a port in use)
 * is printed as one sentence on stderr, with exit code 1.
 */
export async function run<T extends TObject>({ name, schema, start, graceMs = 50_000 }: RunOptions<T>): Promise<void> {
  let config: Static<T>;
  try {
    config = loadConfig(schema);
  } catch (error) {
    if (!isConfigError(error)) throw error;
    exitWith(error.message);
  }
  const level = (config as { LOG_LEVEL?: unknown }).LOG_LEVEL;
  const log = createLogger({ name, level: typeof level === 'string' ? level : 'info' });
  const closer = new Closer(log);
  const beganAt = performance.now();

  let crashed = false;
  const grace = closeWithGrace(
    {
      delay: graceMs,
      // Errors are handled below: this library would end the process in the middle of closing on the second one.
      skip: ['uncaughtException', 'unhandledRejection'],
      logger: { error: (detail: unknown) => log.error({ err: detail }, 'exit.forced') },
    },
    async ({ signal }) => {
      const closedFrom = performance.now();
      await closer.close();
      log.info({ signal, uptimeMs: elapsed(beganAt), closeMs: elapsed(closedFrom) }, 'stopped');
      if (crashed) process.exit(1);
    },
  );
  const closeCrashed = () => {
    if (crashed || closer.signal.aborted) return;
    crashed = true;
    grace.close();
  };
  const onCrash = (error: unknown) => {
    log.fatal({ err: error }, 'uncaught');
    closeCrashed();
  };
  process.on('uncaughtException', onCrash);
  process.on('unhandledRejection', onCrash);

  const metrics = createMetrics(name);
  const watchdog = createWatchdog({ log, metrics, signal: closer.signal, onVitalStall: closeCrashed });
  try {
    await start({ config, log, closer, metrics, watchdog });
    if (!closer.signal.aborted) log.info({ startMs: elapsed(beganAt), node: process.version }, 'started');
  } catch (error) {
    // A signal during the start makes waiting parts reject; that end is already under way.
    if (closer.signal.aborted) return;
    const sentence = sentenceFor(error);
    if (!sentence) log.fatal({ err: error }, 'start.failed');
    await closer.close();
    exitWith(sentence);
  }
}

/** The one sentence for what the operator can mend, undefined for everything else. */
function sentenceFor(error: unknown): string | undefined {
  if (isConfigError(error)) return error.message;
  const { code, port } = error as { code?: unknown; port?: unknown };
  if (code === 'EADDRINUSE')
    return `PORT ${port} is already in use: stop what listens there or set PORT to another one`;
  if (code === 'EACCES' && port) return `PORT ${port} may not be opened by this user: set PORT to one above 1023`;
  return undefined;
}

function exitWith(sentence: string | undefined): never {
  if (sentence) process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function elapsed(since: number): number {
  return Math.round(performance.now() - since);
}
