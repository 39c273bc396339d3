import { defineConfig } from 'vitest/config';

// Some files start a fleet: one after the other, so that they do not wait for each other's processes.
export default defineConfig({ test: { testTimeout: 90_000, hookTimeout: 120_000, fileParallelism: false } });
