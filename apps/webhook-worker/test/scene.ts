import { fileURLToPath } from 'node:url';
import { type CreateWebhook, instanceKeys, type NewEvent } from '@flotilla/contracts';
import { Child, freePort } from '@flotilla/fleet';
import { appendEvent, createInstances } from '@flotilla/instance';
import { createQueues } from '@flotilla/queue';
import { connectRedis, type Redis } from '@flotilla/redis';
import { createAddressPolicy } from '@flotilla/safe-fetch';
import { createKeyRing, generateKey } from '@flotilla/seal';
import { Closer, createLogger, createMetrics, createWatchdog } from '@flotilla/service';
import { eventually, redisTest } from '@flotilla/testkit';
import { createEndpoints, parseSchedule } from '@flotilla/webhook';
import { startWebhookWorker } from '../src/worker.ts';
import { type Answer, type Receiver, startReceiver } from './receiver.ts';

const encryptionKeys = `k1:${generateKey()}`;
const keyRing = createKeyRing(encryptionKeys);
export const tenant = 'ten_a';

/** What a worker of a test is started with. */
export interface WorkerOptions {
  schedule?: string;
  timeoutMs?: number;
  endpointConcurrency?: number;
  disableAfterMs?: number;
  allowCidrs?: string[];
}

/** A worker that runs inside the test's process. */
export interface InProcessWorker {
  close(): Promise<void>;
  /** The sum of a counter over its labels. */
  counted(name: string): Promise<number>;
}

function addressOf({ options }: Redis): string {
  if (!('host' in options)) throw new TypeError('The tests have one server');
  return `redis://${options.host}:${options.port}/${options.db ?? 0}`;
}

/**
 * A tenant with webhook endpoints, receivers and workers around one Redis. Close it at the end: it closes everything
 * that was started through it, in reverse order.
 */
export class Scene {
  readonly redis: Redis;
  readonly url: string;
  readonly queues: ReturnType<typeof createQueues>;
  readonly endpoints: ReturnType<typeof createEndpoints>;
  readonly #opened: (() => unknown)[] = [];

  constructor(redis: Redis, url = addressOf(redis)) {
    this.redis = redis;
    this.url = url;
    this.queues = createQueues({ connection: redis });
    const addTurn = (job: Parameters<typeof this.queues.addTurns>[0][number]) => this.queues.addTurns([job]);
    this.endpoints = createEndpoints({ redis, keyRing, addTurn });
  }

  async close(): Promise<void> {
    for (const close of this.#opened.reverse()) await close();
  }

  async receiver(answer?: Answer): Promise<Receiver> {
    const receiver = await startReceiver(answer);
    this.#opened.push(() => receiver.close());
    return receiver;
  }

  endpoint(receiver: { url: string }, input: Partial<CreateWebhook> = {}, owner = tenant) {
    return this.endpoints.create(owner, { url: receiver.url, ...input });
  }

  /** Appends events to an instance's log, as its connection worker would, and says that there are some. */
  async emit(instance: string, count = 1, { owner = tenant, nudge = true } = {}): Promise<void> {
    for (let n = 0; n < count; n += 1)
      await this.#append(instance, {
        type: 'qrcode.updated',
        occurredAt: Date.now(),
        data: { qr: `q${n}`, expiresAt: 1 },
      });
    if (nudge) await this.queues.nudgeRelay({ instance, tenant: owner });
  }

  /** Appends one event of any type, and says that it is there. */
  async happen(instance: string, event: Omit<NewEvent, 'occurredAt'>, owner = tenant): Promise<void> {
    await this.#append(instance, { ...event, occurredAt: Date.now() } as NewEvent);
    await this.queues.nudgeRelay({ instance, tenant: owner });
  }

  async #append(instance: string, event: NewEvent): Promise<void> {
    const { key, args } = appendEvent(instance, event);
    const [id = '', ...fields] = args.map(String);
    await this.redis.xadd(key, id, ...fields);
  }

  /** Creates an instance's record, and gives its id. */
  async instance(alias: string, metadata: Record<string, string> = {}, owner = tenant): Promise<string> {
    const instances = createInstances(this.redis);
    return (await instances.create({ tenant: owner, name: `Instance ${alias}`, alias, metadata })).id;
  }

  /** Makes the next relay begin again from the instance's first event. */
  async forgetRelayed(instance: string): Promise<void> {
    await this.redis.del(instanceKeys.relayed(instance));
    await this.queues.nudgeRelay({ instance, tenant });
  }

  /** Starts a worker in this process. */
  worker({ schedule = '200ms,200ms,200ms', timeoutMs = 2_000, ...rest }: WorkerOptions = {}): InProcessWorker {
    const log = createLogger({ name: 'webhook-worker', level: process.env.TEST_LOG_LEVEL ?? 'silent' });
    const closer = new Closer(log);
    const metrics = createMetrics('webhook-worker');
    const redis = connectRedis(this.url, { name: 'webhook-worker', manner: 'patient' });
    closer.add('redis', () => redis.disconnect());
    startWebhookWorker({
      redis,
      keyRing,
      schedule: parseSchedule(schedule),
      timeoutMs,
      concurrency: 50,
      endpointConcurrency: rest.endpointConcurrency ?? 10,
      disableAfterMs: rest.disableAfterMs ?? 3_600_000,
      addresses: createAddressPolicy(rest.allowCidrs ?? ['127.0.0.0/8']),
      log,
      metrics,
      watchdog: createWatchdog({ log, metrics, signal: closer.signal, onVitalStall: () => {} }),
      closer,
    });
    this.#opened.push(() => closer.close());
    return {
      close: () => closer.close(),
      counted: async (name) => {
        const metric = await metrics.getSingleMetric(name)?.get();
        return metric?.values.reduce((sum, { value }) => sum + value, 0) ?? 0;
      },
    };
  }

  /** Starts a worker as a process of its own, as it is deployed, and waits until it is ready. */
  async process(env: Record<string, string> = {}): Promise<{ child: Child; operations: string }> {
    const { child, operations } = await this.begin(env);
    await eventually(async () => (await fetch(`${operations}/readyz`)).ok, { timeoutMs: 20_000 });
    return { child, operations };
  }

  /** Starts a worker process without waiting for anything. */
  async begin(env: Record<string, string> = {}): Promise<{ child: Child; operations: string }> {
    const port = await freePort();
    const child = await Child.start({
      name: 'webhook-worker',
      command: process.execPath,
      args: [fileURLToPath(new URL('../src/main.ts', import.meta.url))],
      env: {
        PATH: process.env.PATH,
        REDIS_URL: this.url,
        ENCRYPTION_KEYS: encryptionKeys,
        PORT: String(port),
        WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8',
        WEBHOOK_RETRY_SCHEDULE: '200ms,200ms,200ms',
        ...env,
      },
    });
    this.#opened.push(() => child.kill());
    return { child, operations: `http://127.0.0.1:${port}` };
  }

  /** Has an instance's log forget its events up to a sequence, as if many had come since. */
  async dropEvents(instance: string, upTo: number): Promise<void> {
    await this.redis.xtrim(instanceKeys.events(instance), 'MINID', `0-${upTo + 1}`);
  }

  /** The state of every delivery of an endpoint, by sequence. */
  async states(endpoint: string): Promise<Record<number, string>> {
    const page = await this.endpoints.listDeliveries(tenant, endpoint, { limit: 200 });
    return Object.fromEntries((page?.items ?? []).map(({ sequence, state }) => [sequence, state]));
  }

  /** Waits until no webhook job is left in any queue but those that wait for their time. */
  async idle(): Promise<void> {
    await eventually(
      async () => {
        const { relay, turns } = await this.queues.counts();
        return [relay, turns].every((counts) => !counts?.waiting && !counts?.active && !counts?.delayed);
      },
      { timeoutMs: 20_000 },
    );
  }
}

/** A test with a scene around a Redis of its own. */
export const sceneTest = redisTest.extend('scene', async ({ redis }, { onCleanup }) => {
  const scene = new Scene(redis);
  onCleanup(() => scene.close());
  return scene;
});
