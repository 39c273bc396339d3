import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, type Fleet, type SimulatorClient } from '@flotilla/fleet';
import { type PlainServer, startPlainServer } from '../baselines/baselines.ts';
import { storeNumbers } from '../baselines/stored-numbers.ts';
import { openInstances, storeInstances } from '../fixtures/stored-instances.ts';
import { workerFlags } from '../measure/memory.ts';
import { processUsage } from '../measure/process-usage.ts';

/** What it took until everything that was open before was open again. */
export interface RestartCost {
  /** From the start of the process (ms). */
  wallMs: number;
  /** Of the process for each instance, its start included (ms). */
  cpuMs: number;
  /** Of the simulator for each instance (ms): nobody opens them faster than it lets them in. */
  simulatorCpuMs: number;
}

const connected = async (simulator: SimulatorClient) => (await simulator.counters()).connected;

/** Waits until the simulator has so many clients. */
export const untilConnected = (simulator: SimulatorClient, count: number, timeoutMs = 150_000): Promise<true> =>
  eventually(
    async () => {
      const now = await connected(simulator);
      if (now < count) throw new Error(`${now} are`);
      return true as const;
    },
    { timeoutMs, intervalMs: 50, message: `${count} are logged in` },
  );

/** Waits until the simulator has no client. */
export const untilNobody = (simulator: SimulatorClient): Promise<true> =>
  eventually(async () => (await connected(simulator)) === 0, { timeoutMs: 30_000, intervalMs: 20 });

async function restarting(fleet: Fleet, count: number, start: () => Promise<{ pid: number }>): Promise<RestartCost> {
  const { simulator, simulatorApp } = fleet;
  await untilNobody(simulator);
  const before = (await processUsage(simulatorApp.pid)).cpuMs;
  const began = performance.now();
  const { pid } = await start();
  await untilConnected(simulator, count);
  const wallMs = performance.now() - began;
  const simulatorCpuMs = ((await processUsage(simulatorApp.pid)).cpuMs - before) / count;
  return { wallMs, cpuMs: (await processUsage(pid)).cpuMs / count, simulatorCpuMs };
}

interface RestartOptions {
  /** Instances of each. */
  count: number;
  rounds: number;
  /** `LOGINS_PER_SECOND` */
  loginsPerSecond: number;
  log(line: string): void;
}

/** Ends a worker and a plain server without a word, in turn, and starts each again in the same place. */
export async function measureRestarts(
  fleet: Fleet,
  { count, rounds, loginsPerSecond, log }: RestartOptions,
): Promise<{ worker: RestartCost[]; plain: RestartCost[] }> {
  const { simulator } = fleet;
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-restart-'));
  const found: { worker: RestartCost[]; plain: RestartCost[] } = { worker: [], plain: [] };
  try {
    log(`stores ${count} instances of each`);
    // What opens a number reads the newest key only.
    await storeNumbers(simulator, folder, { count, preKeys: 30, sharedApart: false });
    await rm(join(folder, 'shared'), { recursive: true });
    const instances = await storeInstances(fleet, { tenant: 'ten_bench', count, preKeys: 30 });
    const env = { NODE_OPTIONS: workerFlags, LOGINS_PER_SECOND: loginsPerSecond, CAPACITY: Math.max(1_000, count) };
    const worker = await fleet.addWorker(env);
    await openInstances(fleet, instances);
    await worker.kill();
    for (let round = 1; round <= rounds; round += 1) {
      log(`round ${round}: the plain server`);
      let plain: PlainServer | undefined;
      try {
        const startPlain = async () => {
          plain = await startPlainServer({ simulator, folder });
          return plain.child;
        };
        found.plain.push(await restarting(fleet, count, startPlain));
      } finally {
        await plain?.stop();
      }
      log(`round ${round}: a connection worker`);
      const startWorker = async () => {
        await worker.restart();
        return worker;
      };
      found.worker.push(await restarting(fleet, count, startWorker));
      await worker.kill();
    }
    return found;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
