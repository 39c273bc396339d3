import { fileURLToPath } from 'node:url';
import { Child, eventually, type SimulatorClient } from '@flotilla/fleet';
import { quantile } from '../measure/statistics.ts';
import type { Arrivals } from './noting-receiver.ts';
import type { PacedContacts, Pair } from './paced-contacts.ts';

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

/** From the contact to the webhook's receiver (ms). */
export interface Latency {
  perSecond: number;
  p50: number;
  p99: number;
  lost: number;
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
  return { child, url, count: () => ask('count'), arrivals: () => ask('arrivals') };
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

/** How long messages take at an even pace. */
export async function measureLatency(
  inbound: Inbound,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Latency> {
  const { simulator, pairs, receiver } = inbound;
  const count = Math.ceil(perSecond * seconds);
  const from = await receiver.count();
  await receiver.arrivals();
  const order: PacedContacts = { simulatorUrl: simulator.url, pairs, count, perSecond };
  const child = await Child.start({
    name: 'paced-contacts',
    command: process.execPath,
    args: [script('./paced-contacts.ts'), JSON.stringify(order)],
    env: { PATH: process.env.PATH },
  });
  const { code } = await child.exited;
  const last = child.logs().at(-1);
  if (code !== 0 || last === undefined) throw new Error(`The contacts have failed${child.lastLines()}`);
  const { lost } = await awaitArrivals(inbound, from, count);
  const written = JSON.parse(last) as Arrivals;
  const waits = Object.entries(await receiver.arrivals()).flatMap(([id, at]) => {
    const since = written[id];
    return since === undefined ? [] : [at - since];
  });
  return { perSecond, p50: quantile(waits, 0.5), p99: quantile(waits, 0.99), lost };
}
