import type { Random } from '../random.ts';
import type { Scenario, Step } from '../scenario.ts';
import type { AppKind, Stage } from '../stage.ts';

/** What is killed: workers most often, for it is they who hold something. */
const victims: readonly [AppKind, ...AppKind[]] = ['worker', 'worker', 'worker', 'gateway', 'webhook-worker'];

/** SIGKILL in any order, again and again; some are replaced elsewhere, some come back in the same place. */
export const kill: Scenario = {
  name: 'kill',
  summary: 'SIGKILL of workers, gateways and webhook workers, repeatedly, in any order',
  bounds: { 'takeover (s)': 8 },
  plan(random, { form }) {
    const rest = Array.from({ length: form === 'short' ? 3 : 17 }, () => random.one(victims));
    return random
      .shuffled<AppKind>(['worker', 'gateway', 'webhook-worker', ...rest])
      .map((kind) => killStep(kind, random));
  },
};

/** One process is killed and replaced. */
export function killStep(kind: AppKind, random: Random): Step {
  const fraction = random.between(0, 1);
  const inPlace = kind !== 'worker' || random.next() < 0.5;
  return {
    after: random.between(1, 3.5),
    what: `kill ${kind === 'worker' ? 'the owner of' : kind} ${fraction}, ${inPlace ? 'start it again' : 'start another one'}`,
    perform: (stage) => killOne(stage, kind, fraction, inPlace),
  };
}

async function killOne(stage: Stage, kind: AppKind, fraction: number, inPlace: boolean): Promise<void> {
  const app = kind === 'worker' ? await stage.owner(fraction) : stage.pick(kind, fraction);
  stage.interrupted();
  await app.kill();
  const replaced = inPlace ? app.restart() : stage.add(kind);
  await stage.allOpen('takeover (s)');
  await replaced;
}
