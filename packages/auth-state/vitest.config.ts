import { defineConfig } from 'vitest/config';

// libsignal talks to the console about sessions that it closes and messages that it cannot read. Most tests wait for a
// simulator of their own.
export default defineConfig({
  test: { silent: 'passed-only', testTimeout: 20_000, hookTimeout: 20_000, maxWorkers: 3 },
});
