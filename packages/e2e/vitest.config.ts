import { defineConfig } from 'vitest/config';

// Each file starts a fleet of its own: one after the other, so that what is timed is not what the neighbour does.
export default defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 90_000, hookTimeout: 120_000, fileParallelism: false },
});
