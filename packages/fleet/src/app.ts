import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child, type Exit } from './child.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

/** The apps that can be started. */
export type AppName = 'gateway' | 'connection-worker' | 'webhook-worker' | 'simulator';

/** What an app answers once it can be used. */
const readyPaths: Record<AppName, string> = {
  gateway: '/healthz',
  'connection-worker': '/healthz',
  'webhook-worker': '/healthz',
  simulator: '/admin/root-key',
};

/** Longest time from the start to the first answer, in milliseconds: two cores may be starting six apps. */
const startTimeoutMs = 60_000;
/** Another process may take a port between our finding it and the app's opening it. */
const portTries = 5;

export type AppEnv = Record<string, string | number | undefined>;

/** The environment of an app whose wall clock is set by so many ms when it gets SIGWINCH; see `stepped-clock.ts`. */
export const steppingClock = (ms: number): AppEnv => ({
  NODE_OPTIONS: `--import=${new URL('./stepped-clock.ts', import.meta.url).href}`,
  CLOCK_STEP_MS: ms,
});

export interface AppOptions {
  /** Called with each line that it writes. */
  log?: (line: string) => void;
}

/** A running app. Its process is the app itself, without a wrapper: signals reach what does the work. */
export class App {
  readonly name: AppName;
  readonly port: number;
  readonly url: string;
  readonly #env: AppEnv;
  readonly #options: AppOptions;
  #child: Child;

  constructor(name: AppName, port: number, env: AppEnv, options: AppOptions, child: Child) {
    this.name = name;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#env = env;
    this.#options = options;
    this.#child = child;
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Whether its process is there (it may be paused). */
  get isRunning(): boolean {
    return this.#child.exit === undefined;
  }

  /** Resolves when the process has ended. */
  get exited(): Promise<Exit> {
    return this.#child.exited;
  }

  /** Its last lines, oldest first: JSON from its logger, and whatever else was written. */
  logs(): string[] {
    return this.#child.logs();
  }

  /** SIGTERM, and waits for the orderly end; rejects with its last lines if that takes longer than `timeoutMs`. */
  stop(options: { timeoutMs?: number } = {}): Promise<Exit> {
    return this.#child.stop({ timeoutMs: 60_000, ...options });
  }

  /** SIGKILL, and waits for the end. */
  kill(): Promise<Exit> {
    return this.#child.kill();
  }

  /** SIGSTOP: it freezes, with its sockets open. */
  pause(): void {
    this.#child.pause();
  }

  /** SIGCONT. */
  resume(): void {
    this.#child.resume();
  }

  /** Starts it again with the same port and environment, in an orderly way first ending it if it runs. */
  async restart(): Promise<void> {
    await this.stop();
    this.#child = await launch(this.name, this.port, this.#env, this.#options);
  }
}

/**
 * Starts an app and waits until it answers. Its environment is `env` and, from ours, only PATH and HOME; without a
 * `PORT` it gets a free one. Rejects with its last lines if it ends before it answers.
 */
export async function startApp(name: AppName, env: AppEnv, options: AppOptions = {}): Promise<App> {
  const given = env.PORT === undefined ? undefined : Number(env.PORT);
  for (let tryNumber = 1; ; tryNumber += 1) {
    const port = given ?? (await freePort());
    try {
      return new App(name, port, env, options, await launch(name, port, env, options));
    } catch (error) {
      const isTaken = error instanceof Error && error.message.includes('already in use');
      if (given !== undefined || !isTaken || tryNumber === portTries) throw error;
    }
  }
}

async function launch(name: AppName, port: number, env: AppEnv, { log }: AppOptions): Promise<Child> {
  const variables = {
    HOST: '127.0.0.1',
    // Compiling what it imports is a third of what a start costs.
    NODE_COMPILE_CACHE: join(tmpdir(), 'flotilla-compile-cache'),
    ...env,
    PORT: port,
    PATH: process.env.PATH,
    HOME: process.env.HOME,
  };
  const child = await Child.start({
    name,
    command: process.execPath,
    args: [fileURLToPath(new URL(`../../../apps/${name}/src/main.ts`, import.meta.url))],
    env: Object.fromEntries(
      Object.entries(variables).map(([key, value]) => [key, value === undefined ? undefined : String(value)]),
    ),
    log,
  });
  const ended = new AbortController();
  child.exited.then(({ code, signal }) => {
    ended.abort(new Error(`${name} ended before it was ready (${signal ?? `exit code ${code}`})${child.lastLines()}`));
  });
  try {
    await eventually(async () => (await fetch(`http://127.0.0.1:${port}${readyPaths[name]}`)).ok, {
      timeoutMs: startTimeoutMs,
      message: `${name} answers ${readyPaths[name]}`,
      signal: ended.signal,
    });
  } catch (error) {
    await child.kill();
    throw error;
  }
  // Whoever answered has to be ours.
  if (child.exit) throw ended.signal.reason;
  return child;
}
