import { eventually, type Fleet } from '@flotilla/fleet';
import { openInstances, storeInstances } from '../fixtures/stored-instances.ts';
import { workerFlags } from '../measure/memory.ts';
import { untilConnected } from './restart.ts';

/** How long instances were without a connection when they changed their worker. */
export interface HandoverTimes {
  loginsPerSecond: number;
  /** From SIGKILL of their worker until all are open at the other (ms). */
  takeoverMs: number;
  /** From SIGTERM until the worker has ended (ms). */
  drainMs: number;
  /** From SIGTERM until all are open at the other (ms). */
  drainedOpenMs: number;
  /** Logins that threw out another one of the same device: none, ever. */
  conflicts: number;
}

/**
 * Lets one worker have all instances, kills it beside another one, and then ends that one in an orderly way beside a third.
 * @param loginsPerSecond `LOGINS_PER_SECOND`
 */
export async function measureHandover(fleet: Fleet, count: number, loginsPerSecond: number): Promise<HandoverTimes> {
  const { simulator } = fleet;
  const instances = await storeInstances(fleet, { tenant: 'ten_bench', count, preKeys: 30 });
  const capacity = { CAPACITY: Math.max(1_000, count), NODE_OPTIONS: workerFlags };
  // All open quickly here: what is measured comes later.
  const first = await fleet.addWorker({ ...capacity, LOGINS_PER_SECOND: 500 });
  await openInstances(fleet, instances);
  const env = { ...capacity, LOGINS_PER_SECOND: loginsPerSecond };
  const second = await fleet.addWorker(env);
  let began = performance.now();
  await first.kill();
  await eventually(async () => (await simulator.counters()).connected < count, { timeoutMs: 5_000, intervalMs: 10 });
  await untilConnected(simulator, count);
  const takeoverMs = performance.now() - began;
  const third = await fleet.addWorker(env);
  began = performance.now();
  await second.stop();
  const drainMs = performance.now() - began;
  await untilConnected(simulator, count);
  const drainedOpenMs = performance.now() - began;
  await third.kill();
  const { conflicts } = await simulator.counters();
  return { loginsPerSecond, takeoverMs, drainMs, drainedOpenMs, conflicts };
}
