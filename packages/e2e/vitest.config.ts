import { basename } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const files = (...names: string[]) => names.map((name) => `test/${name}.test.ts`);

/** What is timed, or loads the machine, has it to itself. */
const alone = files(
  ...['kill', 'drain', 'live-events', 'hot-chats*', 'sending-memory', 'receiving-history', 'poison-messages'],
);

/** What waits for leases to run out, and for a Redis to be elected: with a few seconds of grace, but no more. */
const inPairs = files('guards', 'frozen', 'restarts', 'redis-*');

/** What takes longest, nearly all of it waiting: it begins first, so that nobody waits for it alone at the end. */
const longest = [
  'webhook-suite',
  'whatsapp-closes',
  'import',
  'whatsapp-storm',
  'crash-worker',
  'webhook-replay',
].concat([
  'crash-webhook',
  'poison-jobs',
  'messages',
  'poison-clock',
  'sending-crash',
  'poison-store',
  'receiving-files',
]);

class LongestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = longest.indexOf(basename(moduleId, '.test.ts'));
      return at === -1 ? longest.length : at;
    };
    const others = await super.sort(specifications);
    const order = ({ project }: TestSpecification) => project.config.sequence.groupOrder;
    return others.sort((a, b) => order(a) - order(b) || place(a) - place(b));
  }
}

const shared = { testTimeout: 90_000, hookTimeout: 120_000 };
const project = (
  name: string,
  maxWorkers: number,
  groupOrder: number,
  chosen: { include: string[]; exclude?: string[] },
) => ({
  test: { ...shared, name, ...chosen, maxWorkers, sequence: { groupOrder } },
});

// Each file starts a fleet of its own, and most of its time is waiting.
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      project('side by side', 3, 0, { include: files('**/*'), exclude: [...alone, ...inPairs] }),
      project('in pairs', 2, 1, { include: inPairs }),
      project('alone', 1, 2, { include: alone }),
    ],
  },
});
