import { fileURLToPath } from 'node:url';
import { Child, eventually, freePort } from '@flotilla/fleet';
import { createQueues } from '@flotilla/queue';
import { connectRedis, type Redis } from '@flotilla/redis';
import { createKeyRing, generateKey } from '@flotilla/seal';
import { createEndpoints } from '@flotilla/webhook';
import { processUsage } from '../measure/process-usage.ts';

/** Of all endpoints; a process that only writes events needs none. */
const encryptionKeys = `k1:${generateKey()}`;
const main = fileURLToPath(new URL('../../../../apps/webhook-worker/src/main.ts', import.meta.url));

/** A webhook worker as it is deployed, in a process of its own. */
export interface WorkerProcess {
  child: Child;
  /** Processor time that it has used (ms). */
  cpuMs(): Promise<number>;
}

/** Starts one, and waits until it is ready. */
export async function startWebhookWorker(redisUrl: string, env: Record<string, string> = {}): Promise<WorkerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = await Child.start({
    name: 'webhook-worker',
    command: process.execPath,
    args: [main],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      REDIS_URL: redisUrl,
      ENCRYPTION_KEYS: encryptionKeys,
      PORT: String(port),
      WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8',
      ...env,
    },
  });
  await eventually(async () => (await fetch(`${url}/readyz`)).ok, { timeoutMs: 90_000 });
  return {
    child,
    cpuMs: async () => (await processUsage(child.pid)).cpuMs,
  };
}

/** A connection to a private Redis with what is needed to give it work. */
export function openTenants(redisUrl: string) {
  const redis: Redis = connectRedis(redisUrl, { name: 'bench', manner: 'patient' });
  const queues = createQueues({ connection: redis });
  const endpoints = createEndpoints({
    redis,
    keyRing: createKeyRing(encryptionKeys),
    addTurn: (job) => queues.addTurns([job]),
  });
  return { redis, queues, endpoints, close: () => redis.disconnect() };
}
