import type { Redis } from '@flotilla/redis';

/** What a Redis has done up to now, and what it holds. */
export interface RedisUsage {
  /** Commands, those that scripts have called included. */
  commands: number;
  cpuMs: number;
  memoryBytes: number;
  connections: number;
}

const field = (info: string, name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? 0);

/**
 * Asks a Redis what it has used. The question itself is among the commands of the next answer.
 * @param redis a connection to one server, not a cluster
 */
export async function redisUsage(redis: Redis): Promise<RedisUsage> {
  const info = String(await redis.info());
  return {
    commands: field(info, 'total_commands_processed'),
    cpuMs: (field(info, 'used_cpu_user') + field(info, 'used_cpu_sys')) * 1_000,
    memoryBytes: field(info, 'used_memory'),
    connections: field(info, 'connected_clients'),
  };
}
