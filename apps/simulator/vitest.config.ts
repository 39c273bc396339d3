import { defineConfig } from 'vitest/config';

// libsignal talks to the console about sessions that it closes and messages that it cannot read. The files share one
// process, so that Baileys is loaded once.
export default defineConfig({
  test: { silent: 'passed-only', testTimeout: 30_000, hookTimeout: 30_000, isolate: false },
});
