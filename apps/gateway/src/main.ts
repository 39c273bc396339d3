import { connectRedis, ready } from '@flotilla/redis';
import { run } from '@flotilla/service';
import { buildGateway } from './app.ts';
import { configSchema } from './config.ts';

await run({
  name: 'gateway',
  schema: configSchema,
  start: async ({ config, log, metrics, closer }) => {
    const redis = connectRedis(config.REDIS_URL, { name: 'gateway', manner: 'prompt' });
    closer.add('redis', () => redis.disconnect());
    const subscriber = connectRedis(config.REDIS_URL, { name: 'gateway subscriber', manner: 'patient' });
    closer.add('subscriber', () => subscriber.disconnect());
    // Until Redis is there requests are answered with 503; but a wrong URL should be told at once.
    await ready(redis).catch((error: Error) => log.warn({ reason: error.message }, 'redis.away'));

    const app = await buildGateway({ config, log, metrics, redis, subscriber });
    closer.add('http', () => app.close(), { timeoutMs: 30_000 });
    await app.listen({ host: config.HOST, port: config.PORT });
  },
});
