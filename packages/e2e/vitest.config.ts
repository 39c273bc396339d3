import { defineConfig } from 'vitest/config';

const files = (...names: string[]) => names.map((name) => `test/${name}.test.ts`);

/** What is timed, or loads the machine, has it to itself. */
const alone = files(
  ...['kill', 'drain', 'frozen', 'guards', 'restarts', 'live-events', 'redis-*', 'hot-chats*'],
  ...['sending-memory', 'receiving-history', 'poison-messages'],
);

const shared = { testTimeout: 90_000, hookTimeout: 120_000 };

// Each file starts a fleet of its own. Most of their time is waiting, so two run at a time.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'side by side',
          include: files('**/*'),
          exclude: alone,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { test: { ...shared, name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
