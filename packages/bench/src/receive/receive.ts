/**
 * What receiving a message costs, from WhatsApp's stanza to the answer of a webhook's receiver, against a plain server at
 * the same simulator.
 */
import type { Bench, BenchResult } from '../bench.ts';
import { median } from '../measure/statistics.ts';
import { type Burst, burst, type Inbound, type Latency, measureLatency } from './inbound.ts';
import { startSubjects } from './subjects.ts';

interface ReceiveBenchOptions {
  /** Numbers that receive, of each server. */
  instances: number;
  /** Messages in each burst. */
  count: number;
  rounds: number;
  /** How long contacts write at each load (s). */
  seconds: number;
  log: (line: string) => void;
}

/** What one server has shown. */
interface Found {
  /** All was there when it began. */
  drained: Burst[];
  /** With the contacts at work beside it: what loads are parts of. */
  through: number;
  latencies: Latency[];
}

interface ReceiveBench {
  ours: Found;
  plain: Found;
}

/** Parts of the capacity at which it is measured how long messages take. */
const loads = [0.1, 0.25, 0.5, 0.9];

/** Processor time that a plain server has been seen to take for each inbound text on a machine of two cores (ms). */
const knownPlainMs = 5;

const sum = (cpuMs: Record<string, number>) => Object.values(cpuMs).reduce((total, ms) => total + ms, 0);
/** Our own two processes: Redis is nobody's in a plain server, which writes to a disk. */
const workers = ({ cpuMs }: Burst) => (cpuMs['connection worker'] ?? 0) + (cpuMs['webhook worker'] ?? 0);

async function capacity(inbound: Inbound, count: number): Promise<number> {
  const { perSecond } = await burst(inbound, count, false);
  return perSecond;
}

/** Measures both in turns, then how long messages take at loads that are parts of our own capacity. */
export async function benchReceive({ instances, count, rounds, seconds, log }: ReceiveBenchOptions) {
  const subjects = await startSubjects(instances);
  try {
    const [ours, plain] = [subjects.ours, subjects.plain].map((inbound) => ({ inbound, drained: [] as Burst[] }));
    if (!ours || !plain) throw new Error('There are two');
    // Everything is compiled, and everybody has written to everybody before.
    for (const { inbound } of [ours, plain]) await burst(inbound, count, false);
    for (let n = 0; n < rounds; n += 1) {
      for (const { inbound, drained } of [ours, plain]) drained.push(await burst(inbound, count, true));
      log(`round ${n + 1} of ${rounds}`);
    }
    const through = { ours: await capacity(ours.inbound, count), plain: await capacity(plain.inbound, count) };
    const latencies = { ours: [] as Latency[], plain: [] as Latency[] };
    for (const part of loads) {
      const pace = { perSecond: through.ours * part, seconds };
      latencies.ours.push(await measureLatency(ours.inbound, pace));
      if (pace.perSecond < through.plain) latencies.plain.push(await measureLatency(plain.inbound, pace));
      log(`${Math.round(part * 100)} % of the capacity`);
    }
    return {
      ours: { drained: ours.drained, through: through.ours, latencies: latencies.ours },
      plain: { drained: plain.drained, through: through.plain, latencies: latencies.plain },
    } satisfies ReceiveBench;
  } finally {
    await subjects.close();
  }
}

/** Up to this share of the processors is busy at a tenth of the load, if the machine does nothing else. */
const mostBusy = 0.5;

/** Why the figures are void, if they are. */
function voidBecause(plainMs: number, busy: number): { invalid?: string } {
  if (plainMs > (knownPlainMs * 4) / 3)
    return {
      invalid: `the plain server took ${plainMs.toFixed(1)} ms for each message, and is known to take ${knownPlainMs}`,
    };
  if (busy > mostBusy)
    return {
      invalid: `at a tenth of the load ${Math.round(busy * 100)} % of the processors were busy: with other work`,
    };
  return {};
}

function resultOf({ ours, plain }: ReceiveBench): BenchResult {
  const of = (bursts: Burst[], name: string) => median(bursts.map(({ cpuMs }) => cpuMs[name] ?? 0));
  const rate = (bursts: Burst[]) => median(bursts.map(({ perSecond }) => perSecond));
  const lost = ({ drained, latencies }: Found) =>
    [...drained, ...latencies].reduce((total, each) => total + each.lost, 0);
  const plainMs = median(plain.drained.map(({ cpuMs }) => sum(cpuMs)));
  const half = ours.latencies[loads.indexOf(0.5)];
  return {
    tables: [
      {
        title: 'Each message, where all of them were there at the beginning',
        columns: ['', 'a second', 'processor time (ms)'],
        rows: [
          ['a plain server', rate(plain.drained), plainMs],
          ['Flotilla', rate(ours.drained), median(ours.drained.map(({ cpuMs }) => sum(cpuMs)))],
          ...['connection worker', 'webhook worker', 'Redis'].map((name) => [
            `of it: ${name}`,
            '',
            of(ours.drained, name),
          ]),
        ],
      },
      {
        title: 'From WhatsApp’s server, where a message leaves, to the webhook’s receiver',
        columns: [
          ...['load', 'a second', 'p50 (ms)', 'p99 (ms)', 'processors busy (%)', 'an idle process waits, p99 (ms)'],
          ...['a plain server’s p50', 'its p99', 'processors busy beside it (%)'],
        ],
        rows: ours.latencies.map(({ perSecond, p50, p99, busy, latenessP99 }, n) => {
          const other = plain.latencies[n];
          return [
            ...[`${Math.round((loads[n] ?? 0) * 100)} %`, perSecond, p50, p99, busy * 100, latenessP99],
            ...[other?.p50 ?? '', other?.p99 ?? '', other ? other.busy * 100 : ''],
          ];
        }),
      },
    ],
    targets: [
      {
        name: 'p99 from the message’s arrival to the webhook’s receiver at half load',
        value: half?.p99 ?? 0,
        relation: 'at most',
        limit: 50,
        unit: 'ms',
      },
      {
        name: 'processor time of both workers, of a plain server',
        value: median(ours.drained.map((each, n) => workers(each) / sum(plain.drained[n]?.cpuMs ?? {}))),
        rounds: ours.drained.map((each, n) => workers(each) / sum(plain.drained[n]?.cpuMs ?? {})),
        relation: 'at most',
        limit: 1,
        unit: '',
      },
      { name: 'messages lost', value: lost(ours), relation: 'at most', limit: 0, unit: '' },
    ],
    notes: [
      `Loads are parts of ${Math.round(ours.through)} messages a second, which is what goes through while contacts encrypt them on the ` +
        `same two cores; through the plain server ${Math.round(plain.through)} go. It stores nothing before it acknowledges, and tries ` +
        `nothing again: it has lost ${lost(plain)} messages here.`,
      'Contacts, the simulated server and the receiver are on the same two cores: how much of these is busy, with everything, ' +
        'and how long a process that does next to nothing has to wait for one, stands beside each latency.',
      'What a plain server needs for as many messages a second is the floor on such a machine: it stores nothing in between, and ' +
        'passes each message on in the process that has received it.',
    ],
    ...voidBecause(plainMs, ours.latencies[0]?.busy ?? 0),
  };
}

export const receive: Bench = {
  name: 'receive',
  title: 'What receiving a message costs',
  about:
    'Texts that contacts of a simulated WhatsApp write to 16 numbers, through one connection worker (which stores each before it ' +
    'acknowledges it) and one webhook worker to a receiver in a process of its own, against a plain server: one process, multi-file ' +
    'auth state, one POST for each event.',
  async run({ size, log }) {
    return resultOf(
      await benchReceive(
        size === 'full'
          ? { instances: 16, count: 1_200, rounds: 3, seconds: 8, log }
          : { instances: 2, count: 100, rounds: 1, seconds: 2, log },
      ),
    );
  },
};
