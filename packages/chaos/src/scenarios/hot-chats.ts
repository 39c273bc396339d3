import type { Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';

/**
 * Dense traffic in few chats is where sessions break: what one side has under way when the other one dies or stays away
 * has to be readable all the same. Meant for `--instances 8 --workers 1 --rate 40 --inbound 80 --long`.
 */
export const hotChats: Scenario = {
  name: 'hot-chats',
  summary: 'All workers are killed, then stay away for a while; nothing may be unreadable for good (for few chats)',
  bounds: { 'recovery (s)': 20 },
  settleSeconds: 180,
  plan(random, { form }) {
    const [undisturbed, awaySeconds] = form === 'short' ? [3, 8] : [8, 25];
    const after = () => random.between(undisturbed, undisturbed + 1.5);
    return [
      { after: after(), what: 'all workers are killed', perform: (stage) => leave(stage, 'kill', 0) },
      {
        after: after(),
        what: `all workers are stopped for ${awaySeconds} s`,
        perform: (stage) => leave(stage, 'stop', awaySeconds),
      },
      { after: after(), what: 'traffic goes on', perform: async () => {} },
    ];
  },
};

async function leave(stage: Stage, how: 'kill' | 'stop', seconds: number): Promise<void> {
  const workers = stage.living('worker');
  if (how === 'kill') stage.interrupted();
  await Promise.all(workers.map((worker) => worker[how]()));
  await stage.pause(seconds);
  await Promise.all(workers.map((worker) => worker.restart()));
  await stage.allOpen('recovery (s)');
}
