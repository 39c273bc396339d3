import { claimDatabase, openTestRedis } from '@flotilla/testkit';
import { Redis } from 'ioredis';
import type { AuthChange, AuthStore } from '../src/auth-store.ts';

/** An empty database for the tests of one file. */
export async function openRedis(): Promise<{ redis: Redis; close: () => Promise<void> }> {
  const server = await openTestRedis();
  const database = await claimDatabase(server.url);
  const redis = new Redis(database.url, { connectionName: 'test' });
  return {
    redis,
    async close() {
      await redis.quit();
      await database.release();
      await server.stop();
    },
  };
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
