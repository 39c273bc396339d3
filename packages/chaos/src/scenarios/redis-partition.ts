import { eventually, type ProxyMode } from '@flotilla/fleet';
import { incarnationOf } from '../openness.ts';
import type { Scenario, Step } from '../scenario.ts';
import type { Stage } from '../stage.ts';

const modes: readonly [ProxyMode, ...ProxyMode[]] = ['refuse', 'blackhole', 'hold', 'cut'];
/** From here on the lease of a worker that is cut off has run out (s). */
const leaseSeconds = 12;

/** One worker alone loses Redis; WhatsApp it still reaches. */
export const redisPartition: Scenario = {
  name: 'redis-partition',
  summary: 'One worker is cut off from Redis, the others are not',
  redis: ['single'],
  bounds: { 'takeover (s)': 20, 'recovery (s)': 20 },
  plan: (random, { form }) =>
    random.shuffled(form === 'short' ? [5, 20] : [5, 12, 30, 120]).map((seconds): Step => {
      const fraction = random.between(0, 1);
      const mode = random.one(modes);
      return {
        after: random.between(2, 5),
        what: `the owner of ${fraction} is cut off for ${seconds} s (${mode})`,
        perform: (stage) => cutOff(stage, fraction, mode, seconds),
      };
    }),
};

async function cutOff(stage: Stage, fraction: number, mode: ProxyMode, seconds: number): Promise<void> {
  const worker = await stage.owner(fraction);
  const count = stage.living('worker').length;
  const proxy = stage.fleet.proxyOf(worker);
  const began = performance.now();
  stage.interrupted();
  await proxy.set(mode);
  if (seconds > leaseSeconds + 5 && count > 1) await stage.allOpen('takeover (s)', { since: began, without: worker });
  await stage.pause(Math.max(0, seconds - (performance.now() - began) / 1_000));
  await proxy.set('pass');
  await stage.allOpen('recovery (s)');
  // Whoever was declared dead ends; so many workers are wanted.
  await eventually(async () => !worker.isRunning || (await incarnationOf(worker)) !== undefined, { timeoutMs: 15_000 });
  if (!worker.isRunning) await worker.restart();
}
