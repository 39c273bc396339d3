import { Redis } from 'ioredis';
import { type RedisServer, type RedisServerOptions, startRedis } from './redis-server.ts';

/** How Redis is laid out: one server; three masters that share the slots; a master with a replica and three Sentinels. */
export type RedisKind = 'single' | 'cluster' | 'sentinel';

/** How a master goes: its process is killed, it freezes with its sockets open, or it hands over in an orderly way. */
export type FailoverCause = 'kill' | 'pause' | 'planned';

export interface RedisFailover {
  /** Who was master. After `kill` it is down, after `pause` frozen: `restart()` or `resume()` makes it a replica. */
  from: RedisServer;
  /** Who is master now. */
  to: RedisServer;
  /** From the blow until the new master was seen as such by all who decide about it. */
  seconds: number;
}

/**
 * Redis as a fleet uses it. `kill`, `restart`, `pause` and `resume` concern all servers that hold data at a time, so
 * that "Redis is away" is one call whatever the layout; `nodes` have the same for each of them alone.
 */
export interface RedisTopology extends RedisServer {
  readonly kind: RedisKind;
  /** What `REDIS_URL` is set to. (`port` and `pid` are the first node's.) */
  readonly url: string;
  /** The servers that hold data, whatever their part is at the moment. */
  readonly nodes: readonly RedisServer[];
  /** The Sentinels; none unless the kind is `sentinel`. */
  readonly sentinels: readonly RedisServer[];
  /** Who is master now, as those who answer see it. */
  masters(): Promise<RedisServer[]>;
  /** The master that has this key. */
  masterOf(key: string): Promise<RedisServer>;
  /**
   * Takes a master away, that of `key` or any, and waits until its replica has become master.
   * Rejects when there is no replica, or when nothing has followed within 30 s.
   */
  failover(options?: { cause?: FailoverCause; key?: string }): Promise<RedisFailover>;
  /** Waits until every master serves, and every other node that runs has copied what its master has. */
  settled(timeoutMs?: number): Promise<void>;
  /**
   * How often the servers have refused commands, by the first word of the refusal (`CROSSSLOT`, `MOVED`, `READONLY`…).
   * What a server had counted before a `kill` or `restart` of this topology is part of it.
   */
  refusals(): Promise<Record<string, number>>;
}

/** Asks one server, over a connection of its own. Rejects within 2 s when it does not answer. */
export async function askRedis(port: number, command: string, ...args: (string | number)[]): Promise<unknown> {
  const redis = new Redis({
    port,
    host: '127.0.0.1',
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
    // A server that still loads its data shall say so.
    enableReadyCheck: false,
    connectionName: 'topology',
  });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return await redis.call(command, ...args);
  } finally {
    redis.disconnect();
  }
}

/** The lines `name:value` of a section of `INFO`. */
export async function infoOf(port: number, section: string): Promise<Map<string, string>> {
  const lines = String(await askRedis(port, 'INFO', section)).split('\r\n');
  return new Map(
    lines.flatMap((line) => {
      const at = line.indexOf(':');
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
    }),
  );
}

/** Whether a replica has everything that its master has told it so far; a master always has. */
export async function isInStep(port: number): Promise<boolean> {
  const info = await infoOf(port, 'replication');
  return info.get('role') === 'master' || info.get('master_link_status') === 'up';
}

/** Counts refusals over the lives of a server: `INFO errorstats` begins anew with each. */
export interface CountedServer extends RedisServer {
  refusals(): Promise<Record<string, number>>;
}

/** Starts a server whose refusals are counted also across its ends. */
export async function startCounted(options: RedisServerOptions): Promise<CountedServer> {
  const server = await startRedis(options);
  const before: Record<string, number> = {};
  const ofThisLife = async () => {
    const counts: Record<string, number> = {};
    for (const [name, value] of await infoOf(server.port, 'errorstats')) {
      const count = /^count=(\d+)/.exec(value)?.[1];
      if (name.startsWith('errorstat_') && count) counts[name.slice('errorstat_'.length)] = Number(count);
    }
    return counts;
  };
  const remember = async () => {
    // A server that is down or frozen has nothing to tell.
    for (const [name, count] of Object.entries(await ofThisLife().catch(() => ({})))) {
      before[name] = (before[name] ?? 0) + count;
    }
  };
  return {
    url: server.url,
    port: server.port,
    get pid() {
      return server.pid;
    },
    async kill() {
      await remember();
      await server.kill();
    },
    async restart() {
      await remember();
      await server.restart();
    },
    pause: () => server.pause(),
    resume: () => server.resume(),
    stop: () => server.stop(),
    refusals: async () => added([before, await ofThisLife().catch(() => ({}))]),
  };
}

/** The sums by name. */
function added(counts: readonly Record<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, count] of counts.flatMap(Object.entries<number>)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

/** What all layouts have in common: everything at once, and the sum of what the nodes have counted. */
export function together(nodes: readonly CountedServer[], sentinels: readonly RedisServer[] = []) {
  return {
    nodes,
    sentinels,
    kill: async () => void (await Promise.all(nodes.map((node) => node.kill()))),
    restart: async () => void (await Promise.all(nodes.map((node) => node.restart()))),
    pause() {
      for (const node of nodes) node.pause();
    },
    resume() {
      for (const node of nodes) node.resume();
    },
    async stop() {
      // Sentinels first: they would take the end of the others for a failure and log about it.
      for (const servers of [sentinels, nodes]) await Promise.all(servers.map((server) => server.stop()));
    },
    refusals: async () => added(await Promise.all(nodes.map((node) => node.refusals()))),
  };
}

/** Stops whatever of several servers has started when one of them could not. */
export async function startAll<T extends RedisServer>(starts: (() => Promise<T>)[]): Promise<T[]> {
  const results = await Promise.allSettled(starts.map((start) => start()));
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (!failed) return started;
  await Promise.all(started.map((server) => server.stop()));
  throw failed.reason;
}

/** One server, as a topology. It has no replica: `failover` rejects. */
export async function startSingle(options: RedisServerOptions = {}): Promise<RedisTopology> {
  const node = await startCounted(options);
  return {
    ...together([node]),
    kind: 'single',
    url: node.url,
    port: node.port,
    get pid() {
      return node.pid;
    },
    masters: async () => [node],
    masterOf: async () => node,
    failover: async () => {
      throw new Error('A single server has no replica to fail over to');
    },
    settled: async () => {
      await askRedis(node.port, 'PING');
    },
  };
}
