import { randomUUID } from 'node:crypto';
import { eventually } from '@flotilla/fleet';
import { Redis } from 'ioredis';

/** An empty numbered database that belongs to one test. */
export interface TestDatabase {
  /** With the database's number: every client that connects by it sees only this database. */
  url: string;
  number: number;
  /** Gives the database back. Rejects when clients are still connected to it: whoever opened them forgot to close. */
  release: () => Promise<void>;
}

/** Which databases are taken is kept in database 0, which no test gets. */
const claimKey = (number: number) => `testkit:database:${number}`;

/** Longer than any test; frees what a killed test run had claimed. */
const claimMs = 10 * 60_000;

/**
 * Takes an empty database of the server at `serverUrl` for one test, so that tests in several processes can share one
 * server without seeing each other's keys. (Channels and server settings are shared: a test of those needs a server
 * of its own.)
 */
export async function claimDatabase(serverUrl: string): Promise<TestDatabase> {
  const registry = new Redis(serverUrl, { maxRetriesPerRequest: 3, connectionName: 'testkit' });
  registry.on('error', () => {});
  try {
    const token = randomUUID();
    const count = await countDatabases(registry);
    const number = await eventually(() => claimOne(registry, count, token), {
      timeoutMs: 60_000,
      message: `One of the ${count} databases of the test Redis is free`,
    });
    const url = `${serverUrl}/${number}`;
    await registry.select(number);
    await registry.flushdb();
    await registry.select(0);
    return {
      url,
      number,
      release: async () => {
        try {
          await assertNoClients(registry, number);
        } finally {
          if ((await registry.get(claimKey(number))) === token) await registry.del(claimKey(number));
          await registry.quit();
        }
      },
    };
  } catch (error) {
    registry.disconnect();
    throw error;
  }
}

async function claimOne(registry: Redis, count: number, token: string): Promise<number | undefined> {
  // From a random one on, so that parallel tests rarely ask for the same.
  const start = Math.floor(Math.random() * (count - 1));
  for (let step = 0; step < count - 1; step += 1) {
    const number = 1 + ((start + step) % (count - 1));
    if ((await registry.set(claimKey(number), token, 'PX', claimMs, 'NX')) === 'OK') return number;
  }
  return undefined;
}

async function countDatabases(registry: Redis): Promise<number> {
  // Hosted servers refuse CONFIG; Redis' default is 16.
  const answer: unknown = await registry.config('GET', 'databases').catch(() => undefined);
  return Array.isArray(answer) ? Number(answer[1]) : 16;
}

/** Fails when a client is still connected to the database, naming it. A connection that is closing gets a moment. */
async function assertNoClients(registry: Redis, number: number): Promise<void> {
  await eventually(
    async () => {
      const list = String(await registry.client('LIST'));
      const left = list.split('\n').filter((line) => line.includes(` db=${number} `));
      const names = left.map(
        (line) => `${/ name=(\S*)/.exec(line)?.[1] || 'unnamed'} (${/ cmd=(\S*)/.exec(line)?.[1]})`,
      );
      if (left.length > 0) throw new Error(`still open: ${names.join(', ')}`);
      return true;
    },
    { timeoutMs: 3_000, message: 'The test has closed all its Redis connections' },
  );
}
