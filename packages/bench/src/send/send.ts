/**
 * What sending a text costs, from the request to WhatsApp's acknowledgement and the recipient's receipt, against bare
 * Baileys: the same number of sockets, each with one message under way at a time, at the same simulator.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@flotilla/fleet';
import { startBareBaileys } from '../baselines/baselines.ts';
import type { Bench, BenchResult, Target } from '../bench.ts';
import { median } from '../measure/statistics.ts';
import { type Drained, drain, throughput } from './drain.ts';
import { measureLatency } from './latency.ts';
import { type Senders, startSenders } from './senders.ts';
import { type CpuProfile, timeByStage } from './stages.ts';

interface SendBenchOptions {
  /** Numbers that send at the same time. */
  instances: number;
  /** Messages in each round, and before the first one, so that V8 has compiled what it is going to. */
  count: number;
  warmUp: number;
  rounds: number;
  log: (line: string) => void;
}

/** What bare Baileys takes for each message. */
interface Bare {
  perSecond: number;
  cpuMs: number;
}

interface SendBench {
  bare: Bare[];
  /** The same with the least that has to be stored. */
  floor: Bare[];
  ours: Drained[];
  /** Processor time of the worker for each message, by what it was for (ms). */
  stages: Map<string, number>;
}

/** Has the worker note what it does while so many messages are sent. */
async function profile(senders: Senders, file: string, count: number): Promise<Map<string, number>> {
  const [worker] = senders.fleet.workers;
  if (!worker) throw new Error('The fleet has no worker');
  process.kill(worker.pid, 'SIGWINCH');
  await drain(senders, count);
  process.kill(worker.pid, 'SIGWINCH');
  const text = await eventually(() => readFile(file, 'utf8').catch(() => undefined), {
    timeoutMs: 20_000,
    message: 'The worker has written its profile',
  });
  const times = timeByStage(JSON.parse(text) as CpuProfile);
  return new Map([...times].map(([stage, ms]) => [stage, ms / count]));
}

/** Sends by both in turns, the same number of messages from as many numbers. */
export async function benchSend({ instances, count, warmUp, rounds, log }: SendBenchOptions): Promise<SendBench> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-send-'));
  const profileFile = join(folder, 'worker.cpuprofile');
  const senders = await startSenders({ workers: 1, instances, profileFile });
  try {
    const bare = await startBareBaileys({ simulator: senders.fleet.simulator });
    try {
      await bare.link({ count: instances, atATime: 2 });
      const storeIn = senders.fleet.redis.url;
      const send = (messages: number, redis?: string) =>
        bare.send({ count: messages, atATime: instances, to: senders.load.to, storeIn: redis });
      await send(warmUp);
      await drain(senders, warmUp);
      const found: SendBench = { bare: [], floor: [], ours: [], stages: new Map() };
      const measured = async (storeIn?: string): Promise<Bare> => {
        const { wallMs, cpuMs } = await send(count, storeIn);
        return { perSecond: (count / wallMs) * 1_000, cpuMs: cpuMs / count };
      };
      await send(warmUp, storeIn);
      for (let n = 0; n < rounds; n += 1) {
        found.bare.push(await measured());
        found.floor.push(await measured(storeIn));
        found.ours.push(await drain(senders, count));
        log(`round ${n + 1} of ${rounds}`);
      }
      found.stages = await profile(senders, profileFile, count);
      return found;
    } finally {
      await bare.stop();
    }
  } finally {
    await senders.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Parts of the capacity at which it is measured how long messages take. */
const loads = [0.1, 0.5, 0.9];

interface CapacityOptions {
  workers: number;
  instances: number;
  count: number;
  /** How long messages are posted at each load (s); 0: not at all. */
  latencySeconds: number;
}

/** How many messages a second go through so many workers, and how long they take. */
async function benchCapacity({ workers, instances, count, latencySeconds }: CapacityOptions) {
  const senders = await startSenders({ workers, instances });
  try {
    await drain(senders, count);
    const { perSecond } = await drain(senders, count);
    if (latencySeconds === 0) return { perSecond, through: perSecond, latencies: [] };
    const through = await throughput(senders, count);
    const latencies: { part: number; p50: number; p99: number }[] = [];
    for (const part of loads) {
      const rate = through * part;
      const messages = Math.ceil(rate * latencySeconds);
      latencies.push({ part, ...(await measureLatency(senders, { count: messages, perSecond: rate })) });
    }
    return { perSecond, through, latencies };
  } finally {
    await senders.close();
  }
}

const middle = (rounds: Drained[], field: keyof Drained) => median(rounds.map((round) => round[field]));

const target = (name: string, rounds: number[], relation: Target['relation'], limit: number): Target => ({
  name,
  value: median(rounds),
  rounds,
  relation,
  limit,
  unit: '',
});

function resultOf({ bare, floor, ours, stages }: SendBench): BenchResult {
  const sum = [...stages.values()].reduce((total, ms) => total + ms, 0);
  const part = (ms: number) => `${Math.round((ms / sum) * 100)} %`;
  return {
    tables: [
      {
        title: 'Each message',
        columns: ['', 'a second', 'processor time (ms)', 'that of Redis (ms)', 'Redis commands'],
        rows: [
          [
            'bare Baileys, awaiting the ack',
            median(bare.map(({ perSecond }) => perSecond)),
            median(bare.map(({ cpuMs }) => cpuMs)),
            0,
            0,
          ],
          [
            'the same, with what has to be stored',
            median(floor.map(({ perSecond }) => perSecond)),
            median(floor.map(({ cpuMs }) => cpuMs)),
            '',
            '',
          ],
          [
            'one worker',
            middle(ours, 'perSecond'),
            middle(ours, 'workerMs'),
            middle(ours, 'redisMs'),
            middle(ours, 'commands'),
          ],
          ['the gateway, before', '', middle(ours, 'gatewayMs'), middle(ours, 'redisAcceptMs'), ''],
        ],
      },
      {
        title: 'What the worker’s processor time goes into, by a profile of its own',
        columns: ['stage', 'share', 'ms for each message'],
        rows: [...stages]
          .toSorted(([, a], [, b]) => b - a)
          .map(([stage, ms]) => [stage, part(ms), (ms / sum) * middle(ours, 'workerMs')]),
      },
    ],
    targets: [
      target(
        'processor time of a worker, of bare Baileys',
        ours.map(({ workerMs }, n) => workerMs / (bare[n]?.cpuMs ?? 0)),
        'at most',
        1.25,
      ),
      target(
        'messages a second through one worker, of bare Baileys',
        ours.map(({ perSecond }, n) => perSecond / (bare[n]?.perSecond ?? 0)),
        'at least',
        0.8,
      ),
    ],
    notes: [
      'What has to be stored, by a plain client in the process of bare Baileys, in the four round trips that a worker takes: the ' +
        'message from a queue with its journal; journal, history and ratchets before it leaves; journal and event when the server ' +
        'has it; the same for the receipt. No fence, no encryption, no script: that is the floor for a send that outlives its process.',
      'Both send from as many numbers, each to one contact, one message after the other, and handle the receipts. The worker’s ' +
        'messages wait in the queues when it begins: what the gateway does is measured before. Commands that scripts call are ' +
        'counted one by one. Client and simulator share two cores with Redis, so that rates say less than processor time.',
    ],
  };
}

export const send: Bench = {
  name: 'send',
  title: 'What sending a message costs',
  about:
    'Texts to one person each, journalled, queued and fenced, against bare Baileys: one process, auth state in memory, default ' +
    'options, `sendMessage` and the server’s ack awaited, at the same simulator under the same flags of V8.',
  async run({ size, log }) {
    const isFull = size === 'full';
    const found = resultOf(
      await benchSend(
        isFull
          ? { instances: 8, count: 1_200, warmUp: 1_600, rounds: 5, log }
          : { instances: 2, count: 100, warmUp: 40, rounds: 1, log },
      ),
    );
    if (!isFull) return found;
    const [one, two] = [1, 2].map((workers) => ({ workers, instances: 16, count: 1_200 }));
    if (!one || !two) return found;
    log('one worker, and how long messages take');
    const alone = await benchCapacity({ ...one, latencySeconds: 8 });
    log('two workers');
    const both = await benchCapacity({ ...two, latencySeconds: 0 });
    found.tables.push(
      {
        title: 'Messages that wait, from 16 numbers',
        columns: ['workers', 'messages a second'],
        rows: [
          [1, alone.perSecond],
          [2, both.perSecond],
        ],
      },
      {
        title: 'From the POST to the recipient, one worker and one gateway on the same two cores',
        columns: ['load', 'messages a second', 'p50 (ms)', 'p99 (ms)'],
        rows: alone.latencies.map(({ part, p50, p99 }) => [`${part * 100} %`, alone.through * part, p50, p99]),
      },
    );
    return found;
  },
};
