import type { Instance } from '@flotilla/contracts';
import { type App, eventually, type SimulatorClient, type TenantClient } from '@flotilla/fleet';

/** How long a worker may take to say who it is before it counts as dead, in milliseconds. */
const answerMs = 1_000;

/** All instances of a tenant. */
export async function instancesOf(tenant: TenantClient): Promise<Instance[]> {
  const all: Instance[] = [];
  let cursor: string | undefined;
  do {
    const page = await tenant.call<{ items: Instance[]; nextCursor?: string }>(
      'GET',
      `/v1/instances?limit=200${cursor ? `&cursor=${cursor}` : ''}`,
      { timeoutMs: 5_000 },
    );
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return all;
}

/** The incarnation that answers at a worker's address; undefined if none does. */
export async function incarnationOf({ url }: App): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/incarnation`, { signal: AbortSignal.timeout(answerMs) });
    return ((await response.json()) as { incarnation: string }).incarnation;
  } catch {
    return undefined;
  }
}

/** Whom to ask whether instances are open. */
export interface Openness {
  /** Asked anew each time: the gateway behind the last one may be gone. */
  tenant: () => TenantClient;
  simulator: SimulatorClient;
  /** Workers that may hold them. */
  workers: () => readonly App[];
  instances: readonly { id: string; linked: { phone: string } }[];
}

/** Waits until these instances are open, each held by a worker that answers, and logged in by the simulator's word. */
export async function waitAllOpen(
  { tenant, simulator, workers, instances }: Openness,
  timeoutMs: number,
): Promise<void> {
  const wanted = new Set(instances.map(({ id }) => id));
  await eventually(
    async () => {
      // The state in the record is the word of the last owner, who may be dead: the simulator knows better.
      const connected = new Set((await simulator.connections(Date.now())).map(({ phone }) => phone));
      const away = instances.filter(({ linked }) => !connected.has(linked.phone));
      if (away.length > 0)
        throw new Error(`${away.length} of ${wanted.size} are not logged in, ${away[0]?.id} for one`);
      const living = new Set(await Promise.all(workers().map(incarnationOf)));
      const own = (await instancesOf(tenant())).filter(({ id }) => wanted.has(id));
      const closed = own.filter(({ worker, status }) => status.state !== 'open' || !worker || !living.has(worker));
      if (own.length < wanted.size) throw new Error(`only ${own.length} of ${wanted.size} are there`);
      if (closed.length > 0) {
        const examples = closed.slice(0, 3).map(({ id, worker, status }) => `${id} ${status.state} at ${worker}`);
        throw new Error(`${closed.length} of ${wanted.size} are not open: ${examples.join(', ')}`);
      }
      return true;
    },
    { timeoutMs, message: 'All instances are open' },
  );
}
