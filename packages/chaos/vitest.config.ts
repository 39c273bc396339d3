import { defineConfig } from 'vitest/config';

// What starts fleets does so one after the other: what is timed is not what the neighbour does.
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
