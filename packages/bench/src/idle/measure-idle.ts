import { setTimeout as pause } from 'node:timers/promises';
import { connectRedis } from '@flotilla/redis';
import { redisUsage } from '../measure/redis-usage.ts';
import { connectionsByName, isOwn, watchCommands } from './client-commands.ts';

/** What a fleet that does nothing costs Redis. */
export interface IdleCost {
  /** Commands a minute, those that scripts have called included. */
  commands: number;
  /** Commands a minute that clients have sent: a script is one. */
  sent: number;
  /** Processor time of Redis (ms a minute). */
  redisCpuMs: number;
  /** Connections of connection workers, by their names. */
  workerConnections: number;
  /** Commands a minute by `<connection> <command>`. */
  bySender: Map<string, number>;
}

/** Connections that a connection worker opens, by their names: BullMQ names the one that it blocks after its queue. */
const ofWorker = (name: string) => name.startsWith('connection-worker') || name.startsWith('fl:{connect}');

const perMinute = (count: number, ms: number) => (count / ms) * 60_000;

/** Looks at an idle fleet for so many seconds: at processor time first, then at each command. */
export async function measureIdle(redisUrl: string, seconds: number): Promise<IdleCost> {
  const redis = connectRedis(redisUrl, { name: 'bench', manner: 'patient' });
  try {
    const before = { ...(await redisUsage(redis)), at: performance.now() };
    await pause(seconds * 500);
    const after = { ...(await redisUsage(redis)), at: performance.now() };
    const began = performance.now();
    const watch = await watchCommands(redis, Number(new URL(redisUrl).port));
    await pause(seconds * 500);
    const seen = await watch.stop();
    const watchedMs = performance.now() - began;
    const bySender = new Map<string, number>();
    for (const { from, command } of seen) {
      const sender = `${from} ${command}`;
      bySender.set(sender, (bySender.get(sender) ?? 0) + perMinute(1, watchedMs));
    }
    const connections = await connectionsByName(redis);
    return {
      // The first question is among them.
      commands: perMinute(after.commands - before.commands - 1 + seen.length, after.at - before.at + watchedMs),
      sent: perMinute(seen.filter(({ from }) => from !== 'script').length, watchedMs),
      redisCpuMs: perMinute(after.cpuMs - before.cpuMs, after.at - before.at),
      workerConnections: [...connections]
        .filter(([name]) => !isOwn(name) && ofWorker(name))
        .reduce((sum, [, count]) => sum + count, 0),
      bySender,
    };
  } finally {
    redis.disconnect();
  }
}
