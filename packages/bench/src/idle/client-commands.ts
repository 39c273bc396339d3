import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
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

/** Whether a connection of that name is one of the measurement's own, which are not counted. */
export const isOwn = (name: string): boolean => name.startsWith('bench');

/** A line of `MONITOR`: time, database and source, then the command and its arguments in quotes. */
const line = /^\+[\d.]+ \[\d+ (\S+)\] "([^"]*)"/;

/**
 * Has Redis report each command that it executes. That costs Redis some time: processor time is measured without it.
 * The client library is not used for it: it takes reports that come together with the answer for answers of their own.
 * @param redis an ordinary connection to the one server at `port`
 */
export async function watchCommands(redis: Redis, port: number): Promise<CommandWatch> {
  const before = await namesOf(redis);
  const seen: { source: string; command: string }[] = [];
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('MONITOR\r\n');
  const lines = createInterface({ input: socket });
  lines.on('line', (text) => {
    const [, source, command = ''] = line.exec(text) ?? [];
    if (source !== undefined) seen.push({ source, command: command.toLowerCase() });
  });
  return {
    async stop() {
      socket.destroy();
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
