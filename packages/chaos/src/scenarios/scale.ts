import { eventually } from '@flotilla/fleet';
import { incarnationOf, instancesOf } from '../openness.ts';
import type { Scenario, Step } from '../scenario.ts';
import type { Stage } from '../stage.ts';

/** What a newcomer may take to hold its share (s). */
const shareSeconds = 60;

/** Fewer workers, more workers, fewer again, and as many as before; each newcomer gets its share. */
export const scale: Scenario = {
  name: 'scale',
  summary: 'Scales the workers to 1, 4, 2 and back, under traffic',
  bounds: { 'gap (s)': 3, conflicts: 0, 'second decryptions': 0, 'fair share (s)': shareSeconds, 'stopping (s)': 20 },
  plan: (random, { workers }) => [1, 4, 2, workers].map((count) => scaleStep(random.between(1, 4), count)),
};

/** So many workers from now on; newcomers get their share. @param after in seconds */
export function scaleStep(after: number, count: number): Step {
  return { after, what: `scale to ${count}`, perform: (stage) => scaleTo(stage, count) };
}

async function scaleTo(stage: Stage, count: number): Promise<void> {
  const surplus = stage.living('worker').slice(count);
  for (const worker of surplus) await stage.stop(worker);
  const missing = count - stage.living('worker').length;
  await Promise.all(Array.from({ length: Math.max(missing, 0) }, () => stage.add('worker')));
  if (missing > 0) stage.measure('fair share (s)', await secondsToShare(stage));
  await stage.allOpen();
}

/** Waits until every worker holds its share, a tenth or one less, and says after how many seconds. */
async function secondsToShare(stage: Stage): Promise<number> {
  const began = performance.now();
  const workers = stage.living('worker');
  const share = Math.floor(stage.conversations.length / workers.length);
  const least = share - Math.max(1, share / 10);
  await eventually(
    async () => {
      const incarnations = await Promise.all(workers.map(incarnationOf));
      const holders = (await instancesOf(stage.tenant)).map(({ worker }) => worker);
      const held = incarnations.map((incarnation) => holders.filter((holder) => holder === incarnation).length);
      if (Math.min(...held) < least) throw new Error(`they hold ${held.join(', ')}`);
      return true;
    },
    { timeoutMs: 2 * shareSeconds * 1_000, intervalMs: 500, message: 'Every worker holds its share' },
  );
  return (performance.now() - began) / 1_000;
}
