import type { Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';
import { killStep } from './kill.ts';

/**
 * Dense traffic in few chats is where sessions break: what one side has under way when the other one dies or stays away
 * has to be readable all the same. Meant for `--instances 8 --workers 1 --rate 40 --inbound 80`.
 */
export const hotChats: Scenario = {
  name: 'hot-chats',
  summary:
    'A worker is killed, and all stay away for 25 s; nothing may be unreadable for good (for few chats at a high rate)',
  bounds: { 'takeover (s)': 8, 'recovery (s)': 20 },
  settleSeconds: 180,
  plan(random, { form }) {
    const kill = killStep('worker', random);
    return Array.from({ length: form === 'short' ? 1 : 5 }, () => [
      { ...kill, after: random.between(6, 9) },
      { after: random.between(6, 9), what: 'all workers are stopped for 25 s', perform: stayAway },
      { after: random.between(6, 9), what: 'traffic goes on', perform: async () => {} },
    ]).flat();
  },
};

async function stayAway(stage: Stage): Promise<void> {
  const workers = stage.living('worker');
  await Promise.all(workers.map((worker) => worker.stop()));
  await stage.pause(25);
  await Promise.all(workers.map((worker) => worker.restart()));
  await stage.allOpen('recovery (s)');
}
