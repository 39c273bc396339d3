import { eventually } from './eventually.ts';
import type { RedisServer, RedisServerOptions } from './redis-server.ts';
import { startRedis } from './redis-server.ts';
import {
  askRedis,
  type CountedServer,
  infoOf,
  isInStep,
  type RedisTopology,
  startAll,
  startCounted,
  together,
} from './redis-topology.ts';

/** What the Sentinels call the master. */
const masterName = 'flotilla';
const sentinelCount = 3;
const quorum = 2;

/** ms without an answer after which a Sentinel holds a server for down. */
const downAfterMs = 2_000;

export interface RedisSentinelOptions extends Pick<RedisServerOptions, 'appendonly' | 'args'> {
  /** Default 1. */
  replicas?: number;
}

/** Starts a master, its replicas and three Sentinels on this machine, and waits until they know each other. */
export async function startRedisSentinel({
  replicas = 1,
  appendonly,
  args = [],
}: RedisSentinelOptions = {}): Promise<RedisTopology> {
  // Sentinel writes the new master into a server's configuration, so that it is still a replica after a restart.
  const data = (config: string[]) =>
    startCounted({ appendonly, config, args: ['--repl-diskless-sync-delay', '0', ...args] });
  const first = await data(['# The master at first']);
  const nodes: CountedServer[] = [first];
  const sentinels: RedisServer[] = [];
  const topology = sentinelTopology(nodes, sentinels, first);
  try {
    nodes.push(
      ...(await startAll(Array.from({ length: replicas }, () => () => data([`replicaof 127.0.0.1 ${first.port}`])))),
    );
    await eventually(
      async () => (await infoOf(first.port, 'replication')).get('connected_slaves') === String(replicas),
      {
        timeoutMs: 30_000,
        message: 'The replicas have found their master',
      },
    );
    const config = [
      `sentinel monitor ${masterName} 127.0.0.1 ${first.port} ${quorum}`,
      `sentinel down-after-milliseconds ${masterName} ${downAfterMs}`,
      `sentinel failover-timeout ${masterName} 5000`,
    ];
    sentinels.push(
      ...(await startAll(Array.from({ length: sentinelCount }, () => () => startRedis({ config, sentinel: true })))),
    );
    await topology.settled();
    return topology;
  } catch (error) {
    await topology.stop();
    throw error;
  }
}

function sentinelTopology(
  nodes: readonly CountedServer[],
  sentinels: readonly RedisServer[],
  first: CountedServer,
): RedisTopology {
  const nodeAt = (port: number) => {
    const node = nodes.find((candidate) => candidate.port === port);
    if (!node) throw new Error(`No server has the port ${port}`);
    return node;
  };
  /** The port of the master as each Sentinel sees it. */
  const views = () =>
    Promise.all(
      sentinels.map(async ({ port }) => {
        const address = await askRedis(port, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName);
        return Array.isArray(address) ? Number(address[1]) : undefined;
      }),
    );
  const agreed = async () => {
    const [port, ...others] = await views();
    if (port === undefined || others.some((other) => other !== port)) throw new Error('The Sentinels disagree');
    return nodeAt(port);
  };
  return {
    ...together(nodes, sentinels),
    kind: 'sentinel',
    get url() {
      return `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${masterName}`;
    },
    port: first.port,
    get pid() {
      return first.pid;
    },
    masters: async () => [await agreed()],
    masterOf: agreed,
    async failover({ cause = 'kill' } = {}) {
      if (nodes.length < 2) throw new Error('There is no replica to fail over to');
      const from = await agreed();
      const began = performance.now();
      if (cause === 'kill') await from.kill();
      else if (cause === 'pause') from.pause();
      else await askRedis(sentinels[0]?.port ?? 0, 'SENTINEL', 'FAILOVER', masterName);
      const to = await eventually(
        async () => {
          const seen = await agreed();
          if (seen === from) return undefined;
          return (await infoOf(seen.port, 'replication')).get('role') === 'master' ? seen : undefined;
        },
        { timeoutMs: 30_000, message: 'A replica has become master' },
      );
      return { from, to, seconds: (performance.now() - began) / 1_000 };
    },
    async settled(timeoutMs = 60_000) {
      await eventually(
        async () => {
          const master = await agreed();
          for (const { port } of nodes) {
            const role = (await infoOf(port, 'replication')).get('role');
            if ((role === 'master') !== (port === master.port)) throw new Error(`the server at ${port} is ${role}`);
            if (!(await isInStep(port))) throw new Error(`the replica at ${port} is behind`);
          }
          for (const { port } of sentinels) await assertKnowsAll(port, nodes.length - 1, sentinels.length - 1);
          return true;
        },
        { timeoutMs, message: 'Servers and Sentinels agree' },
      );
    },
  };
}

/** A Sentinel that does not know the others yet could not win their votes. */
async function assertKnowsAll(port: number, replicas: number, otherSentinels: number): Promise<void> {
  const answer = (await askRedis(port, 'SENTINEL', 'MASTER', masterName)) as string[];
  const value = (name: string) => answer[answer.indexOf(name) + 1];
  if (value('num-slaves') !== String(replicas) || value('num-other-sentinels') !== String(otherSentinels)) {
    throw new Error(`the Sentinel at ${port} does not know all others yet`);
  }
  if (value('flags') !== 'master') throw new Error(`the Sentinel at ${port} sees the master as ${value('flags')}`);
}
