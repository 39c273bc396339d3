import type { Scenario, Step } from '../scenario.ts';
import type { Stage } from '../stage.ts';

/** No worker is there for a while: what is accepted waits in Redis, what is written waits at WhatsApp. */
export const absence: Scenario = {
  name: 'absence',
  summary: 'All workers are stopped, or killed at once, and come back some time later',
  bounds: { 'recovery (s)': 20 },
  settleSeconds: 90,
  plan(random, { form }) {
    const longest = form === 'short' ? 12 : 60;
    const steps: Step[] = [
      {
        after: random.between(2, 4),
        what: `all workers are stopped for ${longest} s`,
        perform: (stage) => sendAway(stage, 'stop', longest),
      },
    ];
    const seconds = random.between(0, longest / 3);
    steps.push({
      after: random.between(2, 4),
      what: `all workers are killed for ${seconds} s`,
      perform: (stage) => sendAway(stage, 'kill', seconds),
    });
    return random.shuffled(steps);
  },
};

async function sendAway(stage: Stage, how: 'stop' | 'kill', seconds: number): Promise<void> {
  const workers = stage.living('worker');
  if (how === 'kill') stage.interrupted();
  await Promise.all(workers.map((worker) => (how === 'kill' ? worker.kill() : stage.stop(worker))));
  await stage.pause(seconds);
  // From the moment when the first one answers: how long processes take to start is not the fleet's promise.
  const started = workers.map((worker) => worker.restart());
  await Promise.any(started);
  await stage.allOpen('recovery (s)');
  await Promise.all(started);
}
