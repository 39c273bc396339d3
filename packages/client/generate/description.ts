import { startApp, startRedis } from '@flotilla/fleet';
import type { OpenAPI3 } from 'openapi-typescript';

/** The description of the API as a gateway gives it, out of a gateway that is started for it. */
export async function describeApi(): Promise<OpenAPI3> {
  const redis = await startRedis();
  try {
    const gateway = await startApp('gateway', {
      REDIS_URL: redis.url,
      OPERATOR_KEY: 'only-to-start',
      ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    });
    try {
      const answer = await fetch(`${gateway.url}/openapi.json`);
      return (await answer.json()) as OpenAPI3;
    } finally {
      await gateway.stop();
    }
  } finally {
    await redis.stop();
  }
}
