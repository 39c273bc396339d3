import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from '@flotilla/fleet';
import { redisTest } from '@flotilla/testkit';
import { describe, expect, onTestFinished } from 'vitest';
import { content } from './content.ts';
import { startS3Server } from './s3-server.ts';

const program = fileURLToPath(new URL('./memory.ts', import.meta.url));

/** By how much a process grows while so many bytes go into storage and out again. */
async function growth(env: Record<string, string>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-memory-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const child = await Child.start({
    name: 'memory',
    command: process.execPath,
    args: [program],
    env: { PATH: process.env.PATH, MEDIA_DIR: folder, MEDIA_ALLOW_CIDRS: '127.0.0.0/8', bytes: '60000000', ...env },
  });
  const { code } = await child.exited;
  const lines = child.logs();
  expect(code, lines.join('\n')).toBe(0);
  return Number(/^grown (\d+)$/m.exec(lines.join('\n'))?.[1]);
}

describe('60 MB through storage', { timeout: 120_000 }, () => {
  redisTest('do not grow a process', async ({ url: redisUrl }) => {
    expect(await growth({ REDIS_URL: redisUrl })).toBeLessThan(40_000_000);
  });

  redisTest('nor do they by URL', async ({ url: redisUrl }) => {
    const server = createServer(async ({ url = '' }, response) => {
      for await (const chunk of content(Number(url.slice(1))))
        if (!response.write(chunk)) await once(response, 'drain');
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await growth({ REDIS_URL: redisUrl, url })).toBeLessThan(40_000_000);
  });

  redisTest('nor in an S3 bucket', async ({ url }) => {
    const server = await startS3Server();
    try {
      const { endpoint, accessKey, secretKey } = server.options('memory');
      const env = { MINIO_ENDPOINT: endpoint, MINIO_ACCESS_KEY: accessKey, MINIO_SECRET_KEY: secretKey };
      expect(await growth({ REDIS_URL: url, ...env })).toBeLessThan(40_000_000);
    } finally {
      await server.stop();
    }
  });
});
