import { defineConfig } from 'vitest/config';

// Every test opens a gateway on a Redis of its own; on a busy machine that alone may take a second.
export default defineConfig({ test: { testTimeout: 20_000, hookTimeout: 20_000 } });
