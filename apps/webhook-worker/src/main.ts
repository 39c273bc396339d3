import { replicationMark } from '@flotilla/contracts';
import { connectRedis, createConfirmations, ready } from '@flotilla/redis';
import { createKeyRing } from '@flotilla/seal';
import { countConfirmations, createFaultPoints, operationsServer, replicasToWaitFor, run } from '@flotilla/service';
import { configSchema, deliverySettings } from './config.ts';
import { startWebhookWorker } from './worker.ts';

await run({
  name: 'webhook-worker',
  schema: configSchema,
  start: async ({ config, log, closer, metrics, watchdog }) => {
    const keyRing = createKeyRing(config.ENCRYPTION_KEYS);
    const settings = deliverySettings(config);

    const redis = connectRedis(config.REDIS_URL, { name: 'webhook-worker', manner: 'patient' });
    closer.add('redis', () => redis.disconnect());
    const probe = connectRedis(config.REDIS_URL, { name: 'webhook-worker-probe', manner: 'prompt' });
    closer.add('redis probe', () => probe.disconnect());
    const confirming = connectRedis(config.REDIS_URL, { name: 'webhook-worker-replicas', manner: 'prompt' });
    closer.add('redis for replicas', () => confirming.disconnect());

    const server = await operationsServer({
      host: config.HOST,
      port: config.PORT,
      metrics,
      ready: async () => ({ ok: (await probe.ping()) === 'PONG' }),
    });
    closer.add('operations server', () => server.close());
    log.info({ port: server.port }, 'listening');

    await Promise.all([ready(redis, 60_000), ready(confirming, 60_000)]);
    startWebhookWorker({
      redis,
      confirmations: createConfirmations(confirming, {
        markOf: replicationMark,
        replicas: replicasToWaitFor(config.REDIS_WAIT_REPLICAS),
        onOutcome: countConfirmations(metrics),
      }),
      keyRing,
      ...settings,
      concurrency: config.WEBHOOK_CONCURRENCY,
      publicUrl: config.PUBLIC_URL,
      endpointConcurrency: config.WEBHOOK_ENDPOINT_CONCURRENCY,
      faults: createFaultPoints(config.FAULT_POINTS, process.env.NODE_ENV),
      log,
      metrics,
      watchdog,
      closer,
    });
  },
});
