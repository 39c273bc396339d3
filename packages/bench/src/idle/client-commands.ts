import type { Redis } from '@flotilla/redis';

/** A command as Redis saw it. */
interface SeenCommand {
  /** What the connection is called, or its address; `script` for calls inside scripts. */
  from: string;
  /** In lower case. */
  command: string;
}

/** Looks at all commands of a Redis until it is stopped. */
export interface CommandWatch {
  /** Ends it. @returns what was seen, from the first command to the last */
  stop(): Promise<SeenCommand[]>;
}

/** Names of the connections by their address, as `CLIENT LIST` knows them. */
async function namesOf(redis: Redis): Promise<Map<string, string>> {
  const list = String(await redis.call('CLIENT', 'LIST'));
  return new Map(
    [...list.matchAll(/ addr=(\S+) .*? name=(\S*) /g)].map(([, address = '', name = '']) => [address, name]),
  );
}

/** How many connections there are, by their names. */
export async function connectionsByName(redis: Redis): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const name of (await namesOf(redis)).values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Whose connections these are, by `CONNECT`'s names: those of the measurement are not counted. */
export const isOwn = (name: string): boolean => name.startsWith('bench');

/**
 * Has Redis report each command that it executes. That costs Redis some time: processor time is measured without it.
 * @param redis a connection to one server that is used for nothing else afterwards
 */
export async function watchCommands(redis: Redis): Promise<CommandWatch> {
  if (!('monitor' in redis)) throw new TypeError('Only one server can be watched');
  const before = await namesOf(redis);
  const seen: { source: string; command: string }[] = [];
  const monitor = await redis.monitor();
  monitor.on('monitor', (_time: string, [command = '']: string[], source: string) =>
    seen.push({ source, command: command.toLowerCase() }),
  );
  return {
    async stop() {
      monitor.disconnect();
      const names = new Map([...before, ...(await namesOf(redis))]);
      return seen
        .map(({ source, command }) => ({
          from: source === 'lua' ? 'script' : (names.get(source) ?? source),
          command,
        }))
        .filter(({ from }) => !isOwn(from));
    },
  };
}
