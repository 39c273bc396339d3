import { defineConfig } from 'vitest/config';

/** What is timed, or loads the machine, has it to itself. */
const alone = ['drain', 'frozen', 'guards', 'kill', 'restarts', 'sending-memory', 'receiving-history', 'live-events']
  .concat(['crash-*', 'poison-*', 'redis-*', 'whatsapp-*', 'hot-chats*', 'webhook-fairness*'])
  .map((name) => `test/${name}.test.ts`);

const shared = { testTimeout: 90_000, hookTimeout: 120_000 };

// Each file starts a fleet of its own. Most of their time is waiting, so two run at a time.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'side by side',
          include: ['test/**/*.test.ts'],
          exclude: alone,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { test: { ...shared, name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
