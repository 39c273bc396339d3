import { askRedis } from '@flotilla/fleet';
import type { Scenario, Step } from '../scenario.ts';
import type { Stage } from '../stage.ts';

/** Redis has no memory left: it answers, and refuses every write. */
export const redisFull: Scenario = {
  name: 'redis-full',
  summary: 'Redis is out of memory and refuses writes, then it has room again',
  bounds: { 'recovery (s)': 30 },
  settleSeconds: 90,
  plan: (random, { form }) =>
    (form === 'short' ? [random.between(3, 6), random.between(11, 14)] : [5, 30, 90]).map(
      (seconds): Step => ({
        after: random.between(2, 5),
        what: `Redis is out of memory for ${seconds} s`,
        perform: (stage) => fill(stage, seconds),
      }),
    ),
};

async function fill(stage: Stage, seconds: number): Promise<void> {
  const limit = async (bytes: number) => {
    for (const { port } of stage.fleet.redis.nodes) await askRedis(port, 'CONFIG', 'SET', 'maxmemory', bytes);
  };
  stage.interrupted();
  try {
    await limit(1);
    await stage.pause(seconds);
  } finally {
    await limit(0);
  }
  await stage.allOpen('recovery (s)');
}
