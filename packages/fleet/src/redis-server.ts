import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Child } from './child.ts';
import { eventually } from './eventually.ts';
import { atExit } from './exit-hook.ts';
import { freePort } from './free-port.ts';

export interface RedisServerOptions {
  /** Keep every write on disk (`appendfsync always`), so that {@link RedisServer.restart} finds it. Default: no. */
  appendonly?: boolean;
  /** Data folder; the default is a temporary one that `stop` removes. */
  dir?: string;
  port?: number;
  /** Further arguments, such as `['--maxmemory', '64mb']`. */
  args?: string[];
  /** Lines of a configuration file of its own, for a server that writes down what it was told at run time. */
  config?: string[];
  /** Start it as a Sentinel, which holds no data. Needs `config`. */
  sentinel?: boolean;
}

/** A private Redis. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** SIGKILL: the data folder stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same folder, after ending it in an orderly way if it still runs. */
  restart(): Promise<void>;
  /** SIGSTOP: connections stay open and get no answer, like a server that hangs. */
  pause(): void;
  /** SIGCONT: it goes on after `pause`. */
  resume(): void;
  /** Ends it and removes the temporary folder. */
  stop(): Promise<void>;
}

/** Programs that speak Redis' protocol and take its arguments, in order of preference. */
const programs = ['redis-server', 'valkey-server'];

/** The path of a Redis server program on the PATH (or of `REDIS_SERVER`), undefined if there is none. */
export function findRedisServer(): string | undefined {
  if (process.env.REDIS_SERVER) return process.env.REDIS_SERVER;
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return programs.flatMap((program) => folders.map((folder) => join(folder, program))).find(isExecutable);
}

/** Starts a private Redis on a free port of the loopback address, and waits until it answers. */
export async function startRedis({
  appendonly = false,
  dir,
  port,
  args = [],
  config,
  sentinel = false,
}: RedisServerOptions = {}): Promise<RedisServer> {
  const program = findRedisServer();
  if (!program) throw new Error('No redis-server on the PATH: install redis-server or valkey, or set REDIS_SERVER');
  const folder = dir ?? mkdtempSync(join(tmpdir(), 'flotilla-redis-'));
  const removeFolder = () => {
    if (!dir) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const configFile = join(folder, 'redis.conf');
  if (config) writeFileSync(configFile, config.map((line) => `${line}\n`).join(''));

  const launch = async (onPort: number) => {
    const persistence = appendonly ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
    const child = await Child.start({
      name: sentinel ? 'redis-sentinel' : 'redis-server',
      command: program,
      args: [
        ...(config ? [configFile] : []),
        ...['--port', String(onPort), '--bind', '127.0.0.1', '--dir', folder],
        ...(sentinel ? ['--sentinel'] : ['--save', '', '--databases', '64', ...persistence]),
        ...args,
      ],
      env: { PATH: process.env.PATH, LANG: 'C' },
    });
    const dead = new AbortController();
    child.exited.then(() => dead.abort(new Error(`redis-server ended at once${child.lastLines(5)}`)));
    await eventually(() => ping(onPort), { message: 'redis-server answers', intervalMs: 10, signal: dead.signal });
    return child;
  };

  // A free port may be taken before Redis binds it.
  const launchSomewhere = async (triesLeft = 5): Promise<{ child: Child; boundPort: number }> => {
    const boundPort = port ?? (await freePort());
    try {
      return { child: await launch(boundPort), boundPort };
    } catch (error) {
      if (port !== undefined || triesLeft === 0 || !String(error).includes('Address already in use')) throw error;
      return launchSomewhere(triesLeft - 1);
    }
  };

  const launched = await launchSomewhere().catch((error: unknown) => {
    removeFolder();
    throw error;
  });
  // Made after the child's own hook: the server ends first.
  const forget = atExit(removeFolder);
  const { boundPort } = launched;
  let { child } = launched;
  return {
    url: `redis://127.0.0.1:${boundPort}`,
    port: boundPort,
    get pid() {
      return child.pid;
    },
    kill: async () => void (await child.kill()),
    restart: async () => {
      await child.stop();
      child = await launch(boundPort);
    },
    pause: () => child.pause(),
    resume: () => child.resume(),
    stop: async () => {
      await child.stop();
      forget();
      removeFolder();
    },
  };
}

/** True once the server on this port answers PING (not while it still loads its data). */
async function ping(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().startsWith('+PONG'));
    });
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
