import { randomUUID } from 'node:crypto';
import { eventually } from '@flotilla/fleet';
import type { Redis } from 'ioredis';

/** What one test's database is asked. */
interface WatchedCommands {
  /** How often a command has come so far. @param name in lower case */
  count(name: string): Promise<number>;
  stop(): void;
}

/**
 * Counts the commands that come to a test's own database from now on. Other tests share the server, so that its own
 * statistics would count theirs.
 */
export async function watchCommands(redis: Redis): Promise<WatchedCommands> {
  const own = String(redis.options.db ?? 0);
  const counts = new Map<string, number>();
  const echoes = new Set<string>();
  const monitor = await redis.monitor();
  monitor.on('monitor', (_time: string, [name = '', first]: string[], _source: string, database: string) => {
    if (database !== own) return;
    const command = name.toLowerCase();
    if (command === 'echo' && first) echoes.add(first);
    counts.set(command, (counts.get(command) ?? 0) + 1);
  });
  return {
    async count(name) {
      // The server reports in order: when it has reported this, it has reported all before.
      const token = randomUUID();
      await redis.echo(token);
      await eventually(() => echoes.has(token), { message: 'The server has reported its commands' });
      return counts.get(name) ?? 0;
    },
    stop: () => monitor.disconnect(),
  };
}

/** How many clients are connected to a test's own database. */
export async function countConnections(redis: Redis): Promise<number> {
  const list = String(await redis.client('LIST'));
  return list.split('\n').filter((line) => line.includes(` db=${redis.options.db ?? 0} `)).length;
}
