import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Child, eventually, type SimulatorClient } from '@flotilla/fleet';
import { quantile } from '../measure/statistics.ts';
import type { Arrivals } from './noting-receiver.ts';

/** Who writes to whom: a contact and a linked account, digits only. */
export interface Pair {
  contact: string;
  phone: string;
}

/** Something that numbers receive through: a fleet or a plain server. */
export interface Inbound {
  simulator: SimulatorClient;
  pairs: Pair[];
  receiver: Receiver;
  /** Freezes what has the sockets, and lets it go on. */
  pause(): void;
  resume(): void;
  /** Processor time up to now (ms), by process. */
  usage(): Promise<Record<string, number>>;
}

/** A receiver of webhooks in a process of its own. */
export interface Receiver {
  child: Child;
  url: string;
  /** How many different messages came up to now. */
  count(): Promise<number>;
  /** When those came that came since it was asked last. */
  arrivals(): Promise<Arrivals>;
  /** How much later than asked its timers came since it was asked last, one of a hundred (ms): it does next to nothing. */
  lateness(): Promise<number>;
}

/** What messages cost that come all at once. */
export interface Burst {
  /** Messages a second, from the first to the last at the receiver. */
  perSecond: number;
  /** Processor time for each message (ms), by process. */
  cpuMs: Record<string, number>;
  /** Messages that never came. */
  lost: number;
}

/** From WhatsApp's server, which writes a message to the socket, to the webhook's receiver (ms). */
export interface Latency {
  perSecond: number;
  p50: number;
  p99: number;
  lost: number;
  /** How much of the machine's processors was busy meanwhile, with everything. */
  busy: number;
  /** How late a process was run that did next to nothing meanwhile, one time of a hundred (ms). */
  latenessP99: number;
}

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** If nothing comes for so long, nothing will (ms). */
const silenceMs = 5_000;
/** A worker that stands still for longer than this may lose its lease (ms). */
const longestPauseMs = 7_000;
/** What is done behind the last delivery, such as counting, takes a moment (ms). */
const afterMs = 500;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts a receiver. */
export async function startNotingReceiver(): Promise<Receiver> {
  const child = await Child.start({
    name: 'receiver',
    command: process.execPath,
    args: [script('./noting-receiver.ts')],
    env: { PATH: process.env.PATH },
  });
  const url = `http://127.0.0.1:${await eventually(() => child.logs()[0], { timeoutMs: 20_000 })}`;
  const ask = async <T>(path: string) => (await (await fetch(`${url}/${path}`)).json()) as T;
  return {
    child,
    url,
    count: () => ask('count'),
    arrivals: () => ask('arrivals'),
    lateness: () => ask('lateness'),
  };
}

/** Waits until so many more have come, or no more come. Gives how many are missing, and when the last one came (ms). */
async function awaitArrivals({ receiver }: Inbound, from: number, count: number) {
  let seen = 0;
  let changedAt = performance.now();
  while (seen < count && performance.now() - changedAt < silenceMs) {
    await pause(20);
    const now = (await receiver.count()) - from;
    if (now !== seen) changedAt = performance.now();
    seen = now;
  }
  return { lost: count - seen, at: changedAt };
}

/**
 * Has contacts write so many messages.
 * @param whilePaused all of them are there before the first is received: the contacts' own work is not counted then
 */
export async function burst(inbound: Inbound, count: number, whilePaused: boolean): Promise<Burst> {
  const { simulator, pairs, receiver } = inbound;
  const each = Math.ceil(count / pairs.length);
  const texts = Array.from({ length: each }, (_, n) => `What has become of my order number ${n}?`);
  const write = () => Promise.all(pairs.map(({ contact, phone }) => simulator.contactSendAll(contact, phone, texts)));
  const total = each * pairs.length;
  const from = await receiver.count();
  let began = performance.now();
  if (whilePaused) {
    inbound.pause();
    try {
      await write();
    } finally {
      inbound.resume();
    }
    if (performance.now() - began > longestPauseMs) throw new Error('The machine is too busy: writing took too long');
    began = performance.now();
  }
  const before = await inbound.usage();
  if (!whilePaused) await write();
  const { lost, at } = await awaitArrivals(inbound, from, total);
  await pause(afterMs);
  const after = await inbound.usage();
  await receiver.arrivals();
  const cpuMs = Object.fromEntries(
    Object.entries(after).map(([name, ms]) => [name, (ms - (before[name] ?? 0)) / (total - lost)]),
  );
  return { perSecond: ((total - lost) / (at - began)) * 1_000, cpuMs, lost };
}

/** Time that the machine's processors have worked, and had (ms). */
function processorTime() {
  const each = cpus().map(({ times }) => ({ idle: times.idle, all: Object.values(times).reduce((a, b) => a + b, 0) }));
  const all = each.reduce((total, one) => total + one.all, 0);
  return { all, busy: all - each.reduce((total, { idle }) => total + idle, 0) };
}

/**
 * How long messages take at an even pace. Contacts are at work beside it, but not in it: a message counts from when it
 * leaves the simulated server.
 */
export async function measureLatency(
  inbound: Inbound,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Latency> {
  const { simulator, pairs, receiver } = inbound;
  const each = Math.ceil((perSecond * seconds) / pairs.length);
  const everyMs = (pairs.length / perSecond) * 1_000;
  const texts = Array.from({ length: each }, (_, n) => `What has become of my order number ${n}?`);
  const from = await receiver.count();
  await receiver.arrivals();
  await receiver.lateness();
  const before = processorTime();
  const written = await Promise.all(
    pairs.map(async ({ contact, phone }, n) => {
      await pause((n / pairs.length) * everyMs);
      return simulator.contactSendPaced(contact, phone, texts, everyMs);
    }),
  );
  const after = processorTime();
  const latenessP99 = await receiver.lateness();
  const { lost } = await awaitArrivals(inbound, from, each * pairs.length);
  const leftAt = new Map(written.flatMap((one) => [...one]));
  const waits = Object.entries(await receiver.arrivals()).flatMap(([id, at]) => {
    const since = leftAt.get(id);
    return since === undefined ? [] : [at - since];
  });
  const busy = (after.busy - before.busy) / (after.all - before.all);
  return { perSecond, p50: quantile(waits, 0.5), p99: quantile(waits, 0.99), lost, busy, latenessP99 };
}
