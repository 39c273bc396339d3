import { defineConfig } from 'vitest/config';

// Every test opens a gateway on a Redis of its own; on a busy machine that alone may take a second. The files share one
// process: each by itself would load the gateway, and compile the schemas of its routes, again.
export default defineConfig({ test: { testTimeout: 20_000, hookTimeout: 20_000, isolate: false } });
