import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { channels, type InstanceRecord, instanceKeys, type Scope } from '@flotilla/contracts';
import { recordFields } from '@flotilla/instance';
import { connectRedis, type Redis, ready } from '@flotilla/redis';
import { createLogger, createMetrics, createWatchdog } from '@flotilla/service';
import { redisTest } from '@flotilla/testkit';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { buildGateway } from '../src/app.ts';
import type { Config } from '../src/config.ts';

export const operatorKey = 'the-operator-key-of-the-tests';

export const config: Config = {
  REDIS_URL: 'redis://unused',
  REDIS_WAIT_REPLICAS: 'auto',
  PORT: 0,
  HOST: '127.0.0.1',
  OPERATOR_KEY: operatorKey,
  ENCRYPTION_KEYS: 'k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  LOG_LEVEL: 'silent',
  WEBHOOK_ALLOW_CIDRS: '',
  MAX_BODY_BYTES: 100_000,
  REQUESTS_PER_TENANT: 1_000,
  EVENT_STREAMS_PER_TENANT: 100,
  EVENT_HEARTBEAT_SECONDS: 15,
  TRUST_PROXY: '',
  COMPAT_BINDINGS: '',
  MAX_INLINE_BODY_BYTES: 1_000_000,
  MEDIA_DIR: join(tmpdir(), `flotilla-gateway-test-${process.pid}`),
  MEDIA_MAX_FILE_BYTES: 5_000_000,
  MEDIA_MAX_TENANT_BYTES: 0,
  MEDIA_RETENTION_DAYS: 30,
  MEDIA_FETCH_TIMEOUT_SECONDS: 10,
  MEDIA_ALLOW_CIDRS: '',
  MINIO_BUCKET: 'whatsapp-media',
  MINIO_REGION: 'us-east-1',
};

/** A gateway on the Redis at `url`, with a way to close it and its connections. */
export async function openGateway(url: string, overrides: Partial<Config> = {}) {
  const redis = connectRedis(url, { name: 'gateway', manner: 'prompt' });
  const subscriber = connectRedis(url, { name: 'gateway subscriber', manner: 'patient' });
  await Promise.all([ready(redis), ready(subscriber)]);
  const log = createLogger({ name: 'gateway', level: 'silent' });
  const metrics = createMetrics('gateway');
  const end = new AbortController();
  const app = await buildGateway({
    config: { ...config, ...overrides },
    log,
    metrics,
    watchdog: createWatchdog({ log, metrics, signal: end.signal, onVitalStall: () => {} }),
    redis,
    subscriber,
  });
  const close = async () => {
    end.abort();
    await app.close();
    redis.disconnect();
    subscriber.disconnect();
  };
  return { app, close };
}

/** What a test reads of an answer. */
interface Answer {
  status: number;
  headers: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  body: any;
  text: string;
}

type Send = (
  method: InjectOptions['method'],
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

/** A client that sends with a key. */
export function clientOf(app: FastifyInstance, key?: string): Send {
  return async (method = 'GET', path, body, headers = {}) => {
    const answer = await app.inject({
      method,
      url: path,
      headers: { ...(key !== undefined && { authorization: `Bearer ${key}` }), ...headers },
      ...(body !== undefined && { payload: body as NonNullable<InjectOptions['payload']> }),
    });
    const isJson = answer.body !== '' && String(answer.headers['content-type']).includes('json');
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: isJson ? answer.json() : undefined,
      text: answer.body,
    };
  };
}

/** Creates a tenant with a key and gives a client that uses it. */
export async function newTenant(app: FastifyInstance, scopes?: Scope[]) {
  const operator = clientOf(app, operatorKey);
  const tenant: string = (await operator('POST', '/v1/tenants', { name: 'Acme' })).body.id;
  const { key, id: keyId } = (await operator('POST', `/v1/tenants/${tenant}/keys`, scopes ? { scopes } : {})).body;
  return { tenant, key: key as string, keyId: keyId as string, send: clientOf(app, key) };
}

/** Writes what the lease holder of an instance would write, and tells whoever waits. */
export async function asWorker(redis: Redis, instance: string, record: Partial<InstanceRecord>) {
  await redis.hset(instanceKeys.record(instance), ...recordFields(record));
  await redis.publish(channels.changed(instance), '');
}

/** Writes a step of a message's journal as the lease holder would, and tells whoever waits. */
export async function journal(
  redis: Redis,
  instance: string,
  message: string,
  fields: Record<string, string | number>,
) {
  await redis.hset(instanceKeys.journal(instance, message), fields);
  await redis.publish(channels.changed(instance), '');
}

/** A test with a gateway on a Redis of its own, a tenant and its client. */
export const gatewayTest = redisTest
  .extend('app', async ({ url }, { onCleanup }) => {
    const { app, close } = await openGateway(url);
    onCleanup(close);
    return app;
  })
  .extend('operator', async ({ app }) => clientOf(app, operatorKey))
  .extend('tenant', async ({ app }) => newTenant(app))
  .extend('send', async ({ tenant }) => tenant.send)
  .extend('instance', async ({ send }) => (await send('POST', '/v1/instances', { name: 'Support' })).body.id as string);
