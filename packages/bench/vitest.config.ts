import { defineConfig } from 'vitest/config';

// Most of the time of each file is waiting: for a fleet of its own to start, for logins, and while it looks at what rests.
export default defineConfig({ test: { maxWorkers: 2, testTimeout: 60_000 } });
