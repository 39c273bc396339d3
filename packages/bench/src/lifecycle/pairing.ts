import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet, SimulatorClient } from '@flotilla/fleet';
import { startBareBaileys, startPlainServer } from '../baselines/baselines.ts';
import { workerFlags } from '../measure/memory.ts';
import { processUsage } from '../measure/process-usage.ts';

/** What a pairing took: from the wish to be linked until the number is open for the first time. */
export interface PairingCost {
  perSecond: number;
  /** Of the process that holds the socket (ms each). */
  cpuMs: number;
}

/** What a plain server needs to send. */
export interface SendCost {
  perSecond: number;
  cpuMs: number;
}

/** Pairings under way side by side. */
const atATime = 8;

/** What many of the same took, and the processor time of a process meanwhile. */
async function timed(pid: number, count: number, work: () => Promise<unknown>): Promise<PairingCost> {
  const before = (await processUsage(pid)).cpuMs;
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1_000;
  // What follows the first login is part of a pairing.
  await pause(500);
  return { perSecond: count / seconds, cpuMs: ((await processUsage(pid)).cpuMs - before) / count };
}

const lanes = (count: number, work: (n: number) => Promise<unknown>) => {
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < count; n = next++) await work(n);
  };
  return Promise.all(Array.from({ length: atATime }, lane));
};

/** Pairs with bare Baileys. */
export async function pairBare(simulator: SimulatorClient, count: number): Promise<PairingCost> {
  const bare = await startBareBaileys({ simulator });
  try {
    await bare.link({ count: 2, atATime: 2 });
    return await timed(bare.child.pid, count, () => bare.link({ count, atATime }));
  } finally {
    await bare.stop();
  }
}

/** Pairs with the plain server, and lets its numbers send texts. @param sends how many texts */
export async function pairPlain(
  simulator: SimulatorClient,
  count: number,
  sends: number,
): Promise<{ pairing: PairingCost; sending: SendCost }> {
  const plain = await startPlainServer({ simulator });
  try {
    await Promise.all([plain.pair('warm-1'), plain.pair('warm-2')]);
    const pairing = await timed(plain.child.pid, count, () => lanes(count, (n) => plain.pair(`number-${n}`)));
    const contacts = await Promise.all(Array.from({ length: count }, () => simulator.createContact()));
    const send = (n: number) =>
      plain.send(`number-${n % count}`, contacts[n % count]?.phone ?? '', `Message number ${n}`);
    await lanes(count * 2, send);
    const sending = await timed(plain.child.pid, sends, () => lanes(sends, send));
    return { pairing, sending };
  } finally {
    await plain.stop();
  }
}

/** Pairs instances of a fleet, through its API. */
export async function pairFleet(fleet: Fleet, count: number, loginsPerSecond: number): Promise<PairingCost> {
  const worker = await fleet.addWorker({ NODE_OPTIONS: workerFlags, LOGINS_PER_SECOND: loginsPerSecond });
  try {
    const tenant = await fleet.api.newTenant();
    const pair = () => tenant.pairedInstance(fleet.simulator);
    await Promise.all([pair(), pair()]);
    return await timed(worker.pid, count, () => lanes(count, pair));
  } finally {
    await worker.kill();
  }
}
