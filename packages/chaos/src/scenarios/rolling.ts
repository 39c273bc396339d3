import type { Scenario, Step } from '../scenario.ts';
import type { AppKind, Stage } from '../stage.ts';

/** SIGTERM to every worker in turn, each replaced before it goes, as an orchestrator does that starts first. */
export const rolling: Scenario = {
  name: 'rolling',
  summary: 'A rolling update: SIGTERM to every process, its successor started before',
  bounds: { 'gap (s)': 3, conflicts: 0, 'second decryptions': 0, 'stopping (s)': 20 },
  plan(random, { form, workers }) {
    const rounds = form === 'short' ? 1 : 4;
    const kinds = Array.from({ length: rounds }, (): AppKind[] => [
      ...Array.from({ length: workers }, (): AppKind => 'worker'),
      'gateway',
      'webhook-worker',
    ]).flat();
    return random.shuffled(kinds).map(
      (kind, place): Step => ({
        after: random.between(1, 3),
        what: `update the oldest ${kind} (${place + 1} of ${kinds.length})`,
        perform: (stage) => replaceOldest(stage, kind),
      }),
    );
  },
};

async function replaceOldest(stage: Stage, kind: AppKind): Promise<void> {
  const [oldest] = stage.living(kind);
  if (!oldest) throw new Error(`There is no ${kind}`);
  // A gateway keeps its address: its clients know two of them.
  if (kind === 'gateway') {
    await stage.stop(oldest);
    await oldest.restart();
  } else {
    await stage.add(kind);
    await stage.stop(oldest);
  }
  await stage.allOpen();
}
