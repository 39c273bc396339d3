import { defineConfig } from 'vitest/config';

// The files share one process, so that Baileys is loaded once.
export default defineConfig({ test: { testTimeout: 20_000, isolate: false } });
