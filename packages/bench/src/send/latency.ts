import { fileURLToPath } from 'node:url';
import { Child, eventually } from '@flotilla/fleet';
import { quantile } from '../measure/statistics.ts';
import type { PacedLoad, Posted } from './paced-load.ts';
import type { Senders } from './senders.ts';

/**
 * How long messages take from the POST to the recipient's phone at a certain load (ms).
 * @param options.perSecond messages of all instances together
 */
export async function measureLatency(
  { fleet, load }: Senders,
  options: Pick<PacedLoad, 'count' | 'perSecond'>,
): Promise<{ p50: number; p99: number }> {
  const shown = async () => {
    const inboxes = await Promise.all(load.to.map((phone) => fleet.simulator.inbox(phone)));
    return inboxes.flatMap(({ entries }) => entries);
  };
  const order: PacedLoad = { ...load, ...options };
  const child = await Child.start({
    name: 'paced-load',
    command: process.execPath,
    args: [fileURLToPath(new URL('./paced-load.ts', import.meta.url)), JSON.stringify(order)],
    env: { PATH: process.env.PATH },
  });
  const { code } = await child.exited;
  const last = child.logs().at(-1);
  if (code !== 0 || last === undefined) throw new Error(`The load has failed${child.lastLines()}`);
  const posted = JSON.parse(last) as Posted;
  const waits = await eventually(
    async () => {
      const found = (await shown()).flatMap(({ id, at }) => {
        const since = posted[id];
        return since === undefined ? [] : [at - since];
      });
      return found.length === options.count && found;
    },
    { timeoutMs: 60_000, intervalMs: 500, message: 'All that was posted is shown' },
  );
  return { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99) };
}
