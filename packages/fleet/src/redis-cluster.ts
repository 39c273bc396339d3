import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import type { RedisServer, RedisServerOptions } from './redis-server.ts';
import {
  askRedis,
  type CountedServer,
  isInStep,
  type RedisTopology,
  startAll,
  startCounted,
  together,
} from './redis-topology.ts';

const masterCount = 3;
const slotCount = 16_384;

/** ms without an answer after which a node counts as failed. */
const nodeTimeoutMs = 2_000;

export interface RedisClusterOptions extends Pick<RedisServerOptions, 'appendonly' | 'args'> {
  /** Replicas of each master. Default 0. */
  replicas?: number;
}

/** A range of slots with the ports of its master and its replicas, as `CLUSTER SLOTS` tells them. */
interface SlotRange {
  first: number;
  last: number;
  master: number;
}

/** Starts a Redis Cluster of three masters on this machine, and waits until it serves all slots. */
export async function startRedisCluster({
  replicas = 0,
  appendonly,
  args = [],
}: RedisClusterOptions = {}): Promise<RedisTopology> {
  const startNode = async () => {
    // The bus would be 10,000 ports higher, beyond the last one as often as not.
    const bus = await freePort();
    const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(bus), '--cluster-config-file', 'nodes.conf'];
    const quick = ['--cluster-node-timeout', String(nodeTimeoutMs), '--repl-diskless-sync-delay', '0'];
    return { bus, node: await startCounted({ appendonly, args: [...cluster, ...quick, ...args] }) };
  };
  const buses = new Map<CountedServer, number>();
  const nodes = await startAll(
    Array.from({ length: masterCount * (1 + replicas) }, () => async () => {
      const { bus, node } = await startNode();
      buses.set(node, bus);
      return node;
    }),
  );
  const [first, ...others] = nodes;
  if (!first) throw new Error('The cluster has no node');
  const topology = clusterOf(nodes, first);
  try {
    await introduce(first, others, buses);
    await Promise.all(
      nodes.map(async (node, index) => {
        const master = nodes[index % masterCount];
        if (index < masterCount || !master) return;
        const id = String(await askRedis(master.port, 'CLUSTER', 'MYID'));
        await eventually(() => askRedis(node.port, 'CLUSTER', 'REPLICATE', id), { message: 'A replica has a master' });
      }),
    );
    await topology.settled();
    return topology;
  } catch (error) {
    await topology.stop();
    throw error;
  }
}

/** Gives the first three their slots, and has all know each other. */
async function introduce(
  first: RedisServer,
  others: readonly RedisServer[],
  buses: ReadonlyMap<RedisServer, number>,
): Promise<void> {
  const all = [first, ...others];
  await Promise.all(
    all.map(async (node, index) => {
      // Without epochs of their own, two masters would first have to settle who is right.
      await askRedis(node.port, 'CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
      if (index >= masterCount) return;
      const from = Math.floor((slotCount * index) / masterCount);
      const to = Math.floor((slotCount * (index + 1)) / masterCount) - 1;
      await askRedis(node.port, 'CLUSTER', 'ADDSLOTSRANGE', from, to);
    }),
  );
  for (const node of others) {
    await askRedis(first.port, 'CLUSTER', 'MEET', '127.0.0.1', node.port, buses.get(node) ?? 0);
  }
  await eventually(
    async () => {
      for (const { port } of all) {
        const known = await nodesAt(port);
        if (known.length !== all.length || known.some(({ flags }) => flags.includes('handshake'))) return false;
      }
      return true;
    },
    { timeoutMs: 30_000, message: 'The nodes of the cluster know each other' },
  );
}

function clusterOf(nodes: readonly CountedServer[], first: CountedServer): RedisTopology {
  const nodeAt = (port: number) => {
    const node = nodes.find((candidate) => candidate.port === port);
    if (!node) throw new Error(`No node of the cluster has the port ${port}`);
    return node;
  };
  /** The slots as the nodes tell them that answer and are not alone. */
  const views = async () => {
    const answers = await Promise.allSettled(nodes.map(async ({ port }) => await slotsAt(port)));
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  };
  const view = async () => {
    const [seen] = (await views()).filter(isWhole);
    if (!seen) throw new Error('No node of the cluster knows who has which slot');
    return seen;
  };
  const masterOfSlot = async (slot: number) => {
    const range = (await view()).find(({ first: from, last }) => from <= slot && slot <= last);
    if (!range) throw new Error(`Nobody serves slot ${slot}`);
    return nodeAt(range.master);
  };
  const slotOf = async (key: string) => Number(await askAny(nodes, 'CLUSTER', 'KEYSLOT', key));
  return {
    ...together(nodes),
    kind: 'cluster',
    url: `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    port: first.port,
    get pid() {
      return first.pid;
    },
    masters: async () => [...new Set((await view()).map(({ master }) => master))].map(nodeAt),
    masterOf: async (key) => masterOfSlot(await slotOf(key)),
    async failover({ cause = 'kill', key = '' } = {}) {
      const slot = await slotOf(key);
      const from = await masterOfSlot(slot);
      const replica = await replicaOf(nodes, from);
      const began = performance.now();
      if (cause === 'kill') await from.kill();
      else if (cause === 'pause') from.pause();
      else await askRedis(replica.port, 'CLUSTER', 'FAILOVER');
      const to = await eventually(
        async () => {
          const seen = await views();
          const masters = seen.map(
            (ranges) => ranges.find(({ first: low, last }) => low <= slot && slot <= last)?.master,
          );
          const [newMaster] = masters;
          return newMaster !== undefined && newMaster !== from.port && masters.every((port) => port === newMaster)
            ? nodeAt(newMaster)
            : undefined;
        },
        { timeoutMs: 30_000, message: 'A replica has become master' },
      );
      return { from, to, seconds: (performance.now() - began) / 1_000 };
    },
    async settled(timeoutMs = 30_000) {
      await eventually(
        async () => {
          for (const { port } of nodes) {
            const info = String(await askRedis(port, 'CLUSTER', 'INFO'));
            if (!info.includes('cluster_state:ok')) throw new Error(`the node at ${port} sees no whole cluster`);
            const known = await nodesAt(port);
            // A node that has just come back holds itself for a master until it has heard better.
            const replicas = known.filter(({ flags }) => flags.includes('slave')).length;
            if (known.some(({ flags }) => flags.includes('fail')) || replicas !== nodes.length - masterCount) {
              throw new Error(`the node at ${port} does not see all others in their places`);
            }
            if (!(await isInStep(port))) throw new Error(`the replica at ${port} is behind`);
          }
          return true;
        },
        { timeoutMs, message: 'The cluster has settled' },
      );
    },
  };
}

/** What one node says who has which slot. */
async function slotsAt(port: number): Promise<SlotRange[]> {
  const answer = (await askRedis(port, 'CLUSTER', 'SLOTS')) as [number, number, [string, number, string]][];
  return answer.map(([first, last, [, master]]) => ({ first, last, master }));
}

/** What one node knows of all: where each is, what it is (`master`, `slave`, `fail`…), and whose replica, by id. */
async function nodesAt(port: number): Promise<{ address: string; flags: string; of: string }[]> {
  const lines = String(await askRedis(port, 'CLUSTER', 'NODES'))
    .trim()
    .split('\n');
  return lines.map((line) => {
    const [, address = '', flags = '', of = ''] = line.split(' ');
    return { address, flags, of };
  });
}

const isWhole = (ranges: readonly SlotRange[]) =>
  ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0) === slotCount;

/** The replica of a master that has copied everything. */
async function replicaOf(nodes: readonly CountedServer[], master: RedisServer): Promise<RedisServer> {
  const id = String(await askRedis(master.port, 'CLUSTER', 'MYID'));
  for (const { address, flags, of } of await nodesAt(master.port)) {
    if (of !== id || flags.includes('fail')) continue;
    const replica = nodes.find(({ port }) => address.includes(`:${port}@`));
    if (replica) return replica;
  }
  throw new Error(`The master at ${master.port} has no replica to fail over to`);
}

/** Asks the nodes in turn until one answers. */
async function askAny(nodes: readonly RedisServer[], command: string, ...args: string[]): Promise<unknown> {
  let last: unknown;
  for (const { port } of nodes) {
    try {
      return await askRedis(port, command, ...args);
    } catch (error) {
      last = error;
    }
  }
  throw new Error('No node of the cluster answers', { cause: last });
}
