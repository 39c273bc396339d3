import { defineConfig } from 'vitest/config';

// libsignal talks to the console about sessions that it closes and messages that it cannot read.
export default defineConfig({ test: { silent: 'passed-only', testTimeout: 30_000, hookTimeout: 30_000 } });
