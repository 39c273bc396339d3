import { defineConfig } from 'vitest/config';

// Conversions start real processes; on a busy machine each takes a second or two.
export default defineConfig({ test: { testTimeout: 60_000, hookTimeout: 30_000 } });
