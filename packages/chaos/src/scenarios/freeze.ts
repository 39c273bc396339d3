import { eventually } from '@flotilla/fleet';
import { incarnationOf } from '../openness.ts';
import type { Scenario, Step } from '../scenario.ts';
import type { Stage } from '../stage.ts';

/** From here on the lease of a frozen worker has run out, and its instances are somebody else's (s). */
const leaseSeconds = 12;

/** An owner is stopped (SIGSTOP) and goes on later: shortly before its deadline, about then, and long after it. */
export const freeze: Scenario = {
  name: 'freeze',
  summary: 'SIGSTOP of a worker, SIGCONT later: what wakes up too late neither sends nor stores',
  bounds: { 'takeover (s)': 20, 'recovery (s)': 20, zombies: 0 },
  plan(random, { form }) {
    const long = form === 'short' ? random.between(18, 22) : 60;
    return random.shuffled([random.between(3, 6), random.between(9.5, 13), long]).map((seconds): Step => {
      const fraction = random.between(0, 1);
      return {
        after: random.between(2, 4),
        what: `freeze the owner of ${fraction} for ${seconds} s`,
        perform: (stage) => freezeOne(stage, fraction, seconds),
      };
    });
  },
};

async function freezeOne(stage: Stage, fraction: number, seconds: number): Promise<void> {
  const worker = await stage.owner(fraction);
  const incarnation = await incarnationOf(worker);
  const count = stage.living('worker').length;
  const began = performance.now();
  stage.interrupted();
  stage.freeze(worker);
  // What lasts longer than the lease is a takeover; it is seen while the owner still stands.
  if (seconds > leaseSeconds + 5 && count > 1) await stage.allOpen('takeover (s)');
  await stage.pause(Math.max(0, seconds - (performance.now() - began) / 1_000));
  stage.thaw(worker);
  const thawed = performance.now();
  await stage.allOpen('recovery (s)', { since: thawed });
  if (seconds > leaseSeconds + 5) {
    await eventually(async () => (await incarnationOf(worker)) !== incarnation, {
      timeoutMs: 15_000,
      message: `The worker that was frozen for ${seconds} s has ended`,
    }).catch((error: unknown) => {
      stage.count('zombies');
      throw error;
    });
  }
  // It may have ended because of its lease; so many are wanted.
  await eventually(async () => !worker.isRunning || (await incarnationOf(worker)) !== undefined, { timeoutMs: 15_000 });
  if (stage.living('worker').length < count) await worker.restart();
}
