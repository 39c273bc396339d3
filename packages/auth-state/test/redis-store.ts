import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import type { AuthChange, AuthStore } from '../src/auth-store.ts';

/** A Redis server of the test's own, on a free port. */
export async function startRedis(): Promise<{ redis: Redis; stop: () => Promise<void> }> {
  const port = await freePort();
  const server: ChildProcess = spawn('redis-server', ['--port', String(port), '--save', '', '--appendonly', 'no'], {
    stdio: 'ignore',
  });
  const redis = new Redis(port, '127.0.0.1', { retryStrategy: () => 50 });
  redis.on('error', () => {});
  await redis.ping();
  return {
    redis,
    async stop() {
      const exited = once(server, 'exit');
      redis.disconnect();
      server.kill();
      await exited;
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** What a test can see of a store, and do to it. */
export interface TestStore extends AuthStore {
  readonly commits: AuthChange[];
  /** How often `load` was called, and for what. */
  readonly loads: (readonly string[])[];
  /** Rejects the next call of this kind with the error. */
  failNext(kind: 'load' | 'commit', error?: Error): void;
  /** Stops before every commit until the returned function is called. */
  hold(): () => void;
  /** Calls of `commit` that have not settled. */
  readonly committing: number;
}

/** An auth store in two Redis hashes, written by a transaction. */
export function redisStore(redis: Redis, instance: string, options: { latencyMs?: number } = {}): TestStore {
  const failures = new Map<string, Error>();
  const commits: AuthChange[] = [];
  const loads: (readonly string[])[] = [];
  let gate: Promise<void> = Promise.resolve();
  let committing = 0;

  async function pass(kind: 'load' | 'commit'): Promise<void> {
    if (options.latencyMs) await new Promise((resolve) => setTimeout(resolve, options.latencyMs));
    const failure = failures.get(kind);
    failures.delete(kind);
    if (failure) throw failure;
  }

  return {
    commits,
    loads,
    get committing() {
      return committing;
    },
    failNext(kind, error = new Error(`injected ${kind} error`)) {
      failures.set(kind, error);
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    async load(fields) {
      loads.push(fields);
      await pass('load');
      return await redis.hmgetBuffer(`{${instance}}:auth`, ...fields);
    },
    received: async (id) => (await redis.hexists(`{${instance}}:inbound`, id)) === 1,
    async commit(change) {
      committing += 1;
      try {
        await gate;
        await pass('commit');
        const script = redis.multi();
        for (const [field, value] of change.set) script.hset(`{${instance}}:auth`, field, value);
        if (change.remove.length > 0) script.hdel(`{${instance}}:auth`, ...change.remove);
        for (const entry of change.inbound)
          script.hset(`{${instance}}:inbound`, entry.id, Buffer.from(entry.plaintext));
        for (const [error] of (await script.exec()) ?? []) if (error) throw error;
        commits.push(change);
      } finally {
        committing -= 1;
      }
    },
  };
}
