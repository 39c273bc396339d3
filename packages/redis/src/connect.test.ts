import { createServer } from 'node:net';
import { eventually, redisTest } from '@flotilla/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ConnectOptions, connectRedis, ready } from './connect.ts';

/** A connection that ends with the test. */
function connected(url: string, manner: ConnectOptions['manner'], name = 'test-connect') {
  const redis = connectRedis(url, { name, manner });
  onTestFinished(() => redis.disconnect());
  return redis;
}

/** Seconds until a command fails. */
async function secondsToFail(command: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await expect(command).rejects.toBeInstanceOf(Error);
  return (performance.now() - start) / 1_000;
}

/** A port that refuses connections: it was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The system gave no port');
  return address.port;
}

describe('a prompt connection', () => {
  test('fails within seconds when nobody listens', async () => {
    const redis = connected(`redis://127.0.0.1:${await closedPort()}`, 'prompt');
    expect(await secondsToFail(redis.ping())).toBeLessThan(5);
    await expect(ready(redis, 1_000)).rejects.toThrow('within 1 s: check REDIS_URL');
  });

  redisTest(
    'fails within seconds when Redis does not answer a command',
    { timeout: 20_000 },
    async ({ url, redis }) => {
      const prompt = connected(url, 'prompt', 'unanswered');
      await ready(prompt);
      // Redis holds back the answer for as long as the list is empty.
      expect(await secondsToFail(prompt.blpop('empty', 0))).toBeLessThan(6);
      prompt.disconnect();
      await eventually(async () => !String(await redis.client('LIST')).includes('name=unanswered'));
    },
  );
});

describe.each(['prompt', 'patient'] as const)('a %s connection', (manner) => {
  redisTest('shows its name, and comes back by itself after it was cut', async ({ url, redis }) => {
    const name = `cut-${manner}`;
    const connection = connected(url, manner, name);
    await ready(connection);
    const clients = String(await redis.client('LIST')).split('\n');
    const id = clients.find((line) => line.includes(`name=${name} `))?.match(/^id=(\d+)/)?.[1];
    if (id === undefined) throw new Error('CLIENT LIST does not show the connection');
    await redis.client('KILL', 'ID', id);
    expect(await eventually(() => connection.ping())).toBe('PONG');
    connection.disconnect();
    await eventually(async () => !String(await redis.client('LIST')).includes(`name=${name} `));
  });
});

test('a patient connection keeps a command until Redis is there', async () => {
  const redis = connected(`redis://127.0.0.1:${await closedPort()}`, 'patient');
  const settled = redis.ping().then(
    () => true,
    () => true,
  );
  // Several tries to connect fail meanwhile.
  await expect(ready(redis, 1_500)).rejects.toThrow('REDIS_URL');
  expect(await Promise.race([settled, Promise.resolve('waiting')])).toBe('waiting');
});
