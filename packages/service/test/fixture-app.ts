import { createServer } from 'node:net';
import { Type } from 'typebox';
import { ConfigError, logLevel, port, redisUrl, run } from '../src/index.ts';

/** An app that does what `BEHAVE` says, for the tests of the frame. */
await run({
  name: 'fixture',
  schema: Type.Object({
    REDIS_URL: redisUrl,
    PORT: port(0),
    LOG_LEVEL: logLevel,
    BEHAVE: Type.Optional(Type.String()),
  }),
  graceMs: 5_000,
  start: async ({ config, log, closer, watchdog }) => {
    if (config.BEHAVE === 'config-error') throw new ConfigError('REDIS_URL points to a replica: name the primary');
    if (config.BEHAVE === 'start-fails') throw new Error('no such luck');
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(config.PORT, '127.0.0.1', resolve);
    });
    closer.add('server', () => {
      server.close();
      log.info('closed server');
    });
    closer.add('work', async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      log.info('closed work');
    });
    if (config.BEHAVE === 'stall') watchdog.loop('renewal', { boundSeconds: 0.2, vital: true }).begin();
    if (config.BEHAVE === 'crash') setImmediate(() => Promise.reject(new Error('nobody caught me')));
    if (config.BEHAVE === 'crash-twice') {
      closer.add('second', () => void Promise.reject(new Error('nobody caught me either')));
      setImmediate(() => Promise.reject(new Error('nobody caught me')));
    }
    log.info({ secret: 'hunter2', request: { headers: { authorization: 'Bearer abc' } } }, 'ready');
  },
});
