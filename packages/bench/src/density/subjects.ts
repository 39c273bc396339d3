import { type App, eventually, type Fleet, startFleet } from '@flotilla/fleet';
import { startBareBaileys, startPlainServer } from '../baselines/baselines.ts';
import { storeNumbers } from '../baselines/stored-numbers.ts';
import { openInstances, storeInstances } from '../fixtures/stored-instances.ts';
import { type Probed, probedOptions } from '../measure/memory.ts';

/** A process whose memory is asked for, and how it gets more open instances. */
export interface Subject {
  readonly process: Probed;
  /** Opens further ones until so many are open. */
  openUpTo(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** One-time keys of a number, as many as Baileys makes. */
const allPreKeys = 812;
/** Enough for those that read the newest key only, and hundreds of thousands of files fewer. */
const fewPreKeys = 30;
/** Numbers that a baseline opens side by side: as many connect jobs as a worker of ours works on. */
const atATime = 20;

/**
 * A fleet without a gateway, a webhook worker and, at first, a connection worker: its Redis, its simulator, and what is
 * stored.
 */
export const startBed = (): Promise<Fleet> =>
  startFleet({ workers: 0, gateways: 0, webhookWorkers: 0, receiver: false });

/** Bare Baileys. Its numbers have all their one-time keys in memory, as if it had paired them. */
export async function bareSubject({ simulator }: Fleet, count: number): Promise<Subject> {
  const bare = await startBareBaileys({ simulator, nodeOptions: probedOptions });
  const phones = await storeNumbers(simulator, bare.folder, { count, preKeys: allPreKeys, sharedApart: true });
  let open = 0;
  return {
    process: bare.child,
    async openUpTo(wanted) {
      await bare.open({ phones: phones.slice(open, wanted), atATime });
      open = wanted;
    },
    stop: () => bare.stop(),
  };
}

/** The plain server. @param nodeOptions with the probe of memory */
export async function plainSubject({ simulator }: Fleet, count: number, nodeOptions: string): Promise<Subject> {
  const plain = await startPlainServer({ simulator, nodeOptions });
  const phones = await storeNumbers(simulator, plain.folder, { count, preKeys: fewPreKeys, sharedApart: false });
  let open = 0;
  return {
    process: plain.child,
    async openUpTo(wanted) {
      for (; open < wanted; open = Math.min(wanted, open + atATime)) {
        const next = phones.slice(open, Math.min(wanted, open + atATime));
        await Promise.all(next.map((phone) => plain.connect(phone)));
        await plain.waitOpen(open + next.length);
      }
    },
    stop: () => plain.stop(),
  };
}

/**
 * One of our connection workers with the deployed flags and settings, the pacing of logins included: a mass login leaves
 * more garbage behind than logins one after the other.
 */
export async function workerSubject(fleet: Fleet, count: number): Promise<Subject> {
  const instances = await storeInstances(fleet, { tenant: 'ten_bench', count, preKeys: allPreKeys });
  const worker: App = await fleet.addWorker({
    NODE_OPTIONS: probedOptions,
    CAPACITY: Math.max(1_000, count),
  });
  let open = 0;
  return {
    process: worker,
    async openUpTo(wanted) {
      await openInstances(fleet, instances.slice(open, wanted));
      await eventually(async () => (await fleet.simulator.counters()).connected >= wanted, { timeoutMs: 30_000 });
      open = wanted;
    },
    stop: async () => void (await worker.stop()),
  };
}
