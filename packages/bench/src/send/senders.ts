import { type App, eventually, type Fleet, startFleet, type TenantClient } from '@flotilla/fleet';
import { connectRedis, type Redis } from '@flotilla/redis';
import type { Load } from '../gateway/load.ts';
import { workerFlags } from '../measure/memory.ts';

/** A fleet whose instances each write to a contact of their own. */
export interface Senders {
  fleet: Fleet;
  tenant: TenantClient;
  redis: Redis;
  gateway: App;
  /** Where to post, and whom to write to. */
  load: Pick<Load, 'urls' | 'key' | 'to'>;
  close(): Promise<void>;
}

/** Loaded by workers, so that it can be seen where their time goes. */
const profiling = new URL('./profiling.ts', import.meta.url).href;

/**
 * Starts a fleet, and pairs instances that its workers hold in equal numbers.
 * @param profileFile where a worker writes what it has done, see `profiling.ts`
 */
export async function startSenders({
  workers,
  instances,
  profileFile,
}: {
  workers: number;
  instances: number;
  profileFile?: string;
}): Promise<Senders> {
  const fleet = await startFleet({ workers: 0, webhookWorkers: 0, receiver: false });
  const redis = connectRedis(fleet.redis.url, { name: 'bench', manner: 'patient' });
  const close = async () => {
    redis.disconnect();
    await fleet.stop();
  };
  try {
    const probe = profileFile === undefined ? '' : ` --import=${profiling}`;
    const flags = { NODE_OPTIONS: `${workerFlags}${probe}`, PROFILE_FILE: profileFile };
    for (let n = 0; n < workers; n += 1) await fleet.addWorker(flags);
    const [gateway] = fleet.gateways;
    if (!gateway) throw new Error('The fleet has no gateway');
    const tenant = await fleet.api.newTenant();
    const ids: string[] = [];
    const to: string[] = [];
    for (let n = 0; n < instances; n += 1) {
      ids.push((await tenant.pairedInstance(fleet.simulator)).id);
      to.push((await fleet.simulator.createContact()).phone);
    }
    await eventually(
      async () => {
        const held = await Promise.all(ids.map(async (id) => (await tenant.instance(id)).worker));
        const counts = [...Map.groupBy(held, (worker) => worker).values()].map(({ length }) => length);
        return counts.length === workers && Math.max(...counts) - Math.min(...counts) <= 1;
      },
      { timeoutMs: 60_000, intervalMs: 500, message: 'The workers hold equal numbers' },
    );
    const urls = ids.map((id) => `${gateway.url}/v1/instances/${id}/messages/text`);
    return { fleet, tenant, redis, gateway, load: { urls, key: tenant.key, to }, close };
  } catch (error) {
    await close();
    throw error;
  }
}
