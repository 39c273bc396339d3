import { run } from '@flotilla/service';
import { configSchema } from './config.ts';
import { startSimulator } from './simulator.ts';

// libsignal prints whole sessions, keys included, whenever it replaces one. Nothing here logs by the console.
for (const method of ['log', 'info', 'warn', 'error'] as const) console[method] = () => undefined;

await run({
  name: 'simulator',
  schema: configSchema,
  graceMs: 10_000,
  start: async ({ config, log, closer }) => {
    const simulator = await startSimulator({
      host: config.HOST,
      publicHost: config.PUBLIC_HOST,
      port: config.PORT,
      log,
    });
    closer.add('simulator', simulator.close);
    log.info({ host: config.HOST, port: simulator.port }, 'simulator.listening');
  },
});
