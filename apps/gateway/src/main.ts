import { connectRedis, ready, startFleetClock } from '@flotilla/redis';
import { run } from '@flotilla/service';
import { buildGateway } from './app.ts';
import { configSchema } from './config.ts';

/** An operator key of fewer characters can be guessed. */
const shortestSafeKey = 16;

await run({
  name: 'gateway',
  schema: configSchema,
  start: async ({ config, log, metrics, watchdog, closer }) => {
    const redis = connectRedis(config.REDIS_URL, { name: 'gateway', manner: 'prompt' });
    closer.add('redis', () => redis.disconnect());
    const subscriber = connectRedis(config.REDIS_URL, { name: 'gateway subscriber', manner: 'patient' });
    closer.add('subscriber', () => subscriber.disconnect());
    const confirming = connectRedis(config.REDIS_URL, { name: 'gateway replicas', manner: 'prompt' });
    closer.add('redis for replicas', () => confirming.disconnect());
    // A gateway without Redis serves its probes and answers 503 to everything else; requests need not begin like that.
    await ready(redis, 3_000).catch((error: Error) => log.warn({ reason: error.message }, 'redis.away'));
    startFleetClock(redis, closer.signal);
    if (config.OPERATOR_KEY.length < shortestSafeKey) log.warn('operator-key.short');

    const environment = process.env.NODE_ENV;
    const app = await buildGateway({ config, log, metrics, watchdog, redis, subscriber, confirming, environment });
    closer.add('http', () => app.close(), { timeoutMs: 30_000 });
    await app.listen({ host: config.HOST, port: config.PORT });
    await app.openBindings(config.HOST);
  },
});
