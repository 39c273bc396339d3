import { networkInterfaces } from 'node:os';
import { run } from '@flotilla/service';
import { configSchema } from './config.ts';
import { startConnectionWorker } from './start.ts';

// libsignal prints a line whenever it replaces a session. Nothing here logs by the console.
for (const method of ['log', 'info', 'warn', 'error'] as const) console[method] = () => undefined;

/** The address that other machines most likely reach this one by. */
const ownAddress = () =>
  Object.values(networkInterfaces())
    .flat()
    .find((address) => address && !address.internal && address.family === 'IPv4')?.address ?? '127.0.0.1';

await run({
  name: 'connection-worker',
  schema: configSchema,
  graceMs: 50_000,
  start: ({ config, log, closer, metrics, watchdog }) =>
    startConnectionWorker({
      config,
      log,
      closer,
      metrics,
      watchdog,
      advertisedHost: config.ADVERTISED_HOST ?? (config.HOST === '0.0.0.0' ? ownAddress() : config.HOST),
      environment: process.env.NODE_ENV,
      exit: (code) => process.exit(code),
    }),
});
