import { fileURLToPath } from 'node:url';
import { workerKeys } from '@flotilla/contracts';
import { Child } from '@flotilla/fleet';
import type { Redis } from '@flotilla/redis';
import { eventually, redisTest } from '@flotilla/testkit';
import { describe, expect, onTestFinished } from 'vitest';
import { declareDead } from '../src/index.ts';
import { listenTcp } from './listening.ts';

/** Starts a worker in a process of its own that sends on a socket as long as it may. */
async function startWorker(url: string) {
  const seen = { bytes: 0, closed: false };
  const server = await listenTcp((socket) => {
    socket.on('data', (data) => {
      seen.bytes += data.length;
    });
    socket.on('close', () => {
      seen.closed = true;
    });
  });
  const child = await Child.start({
    name: 'frozen-worker',
    command: process.execPath,
    args: [fileURLToPath(new URL('./frozen-worker.ts', import.meta.url)), url, server.address.split(':')[1] ?? ''],
    env: { PATH: process.env.PATH },
  });
  onTestFinished(async () => {
    await child.kill();
    await server.close();
  });
  await eventually(() => seen.bytes > 0, { message: 'The worker sends' });
  return { child, seen, incarnation: child.logs()[0] ?? '', states: () => child.logs().slice(1) };
}

/** Waits until the lease has run out by Redis' clock, then declares the worker dead. */
const bury = (redis: Redis, incarnation: string) =>
  eventually(() => declareDead(redis, incarnation, { proof: false }), { timeoutMs: 8_000 });

/** Waits until everything that was on its way has arrived. */
async function settled(seen: { bytes: number }) {
  let last = -1;
  await eventually(
    () => {
      const same = last === seen.bytes;
      last = seen.bytes;
      return same;
    },
    { intervalMs: 300 },
  );
}

describe('a worker that was stopped for longer than its deadline', () => {
  redisTest('closes its socket before it sends anything, and goes on if nobody took over', async ({ redis, url }) => {
    const { child, seen, incarnation, states } = await startWorker(url);
    child.pause();
    await settled(seen);
    const before = seen.bytes;
    await eventually(async () => Number(await redis.hget(workerKeys.lease(incarnation), 'exp')) < Date.now(), {
      timeoutMs: 8_000,
    });
    expect(seen.closed).toBe(false);
    child.resume();
    await eventually(() => seen.closed, { timeoutMs: 3_000 });
    expect(seen.bytes - before).toBe(0);
    await eventually(() => states().length === 3, { timeoutMs: 5_000 });
    expect(states()).toEqual(['held', 'expired', 'held']);
    await child.kill();
  });

  redisTest('is lost if it was declared dead, and has sent nothing since', async ({ redis, url }) => {
    const { child, seen, incarnation, states } = await startWorker(url);
    child.pause();
    await settled(seen);
    const before = seen.bytes;
    await bury(redis, incarnation);
    child.resume();
    await child.exited;
    await eventually(() => seen.closed, { timeoutMs: 3_000 });
    expect(seen.bytes - before).toBe(0);
    expect(states()).toEqual(['held', 'expired', 'lost']);
  });
});
