import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from './connect.ts';

/**
 * Runs a Lua script: keys and arguments in, whatever the script returns out. Rejects with the script's own error, from
 * which the keys and arguments have been taken away.
 */
export type Script = (
  redis: Redis,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
) => Promise<unknown>;

let resent = 0;

/**
 * How many scripts this process has had to send once more, as text. What was sent right behind such a script was executed
 * before it: whoever relies on their order compares before and after.
 */
export const scriptsResent = (): number => resent;

/** Whether commands sent one behind the other are executed in that order: on a cluster they may be at different servers. */
export const keepsOrder = (redis: Redis): boolean => !('slots' in redis);

/**
 * Makes a function of a Lua file. The script is sent by its hash, and as text only to a server that does not know it
 * yet, so that a server that was restarted or failed over costs one extra round trip and no error.
 * @param file the Lua file, usually `new URL('./x.lua', import.meta.url)`
 * @param buffers whether texts are answered as buffers, for scripts that return bytes
 * @param include Lua files with local functions that the script calls, put before it
 */
export function defineScript(
  file: URL,
  { buffers = false, include = [] }: { buffers?: boolean; include?: readonly URL[] } = {},
): Script {
  const source = [...include, file].map((part) => readFileSync(part, 'utf8')).join('\n');
  const hash = createHash('sha1').update(source).digest('hex');
  return async (redis, keys, args) => {
    try {
      const known = buffers
        ? redis.callBuffer('EVALSHA', hash, keys.length, ...keys, ...args)
        : redis.evalsha(hash, keys.length, ...keys, ...args);
      return await known.catch((error: unknown) => {
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        resent += 1;
        return buffers
          ? redis.callBuffer('EVAL', source, keys.length, ...keys, ...args)
          : redis.eval(source, keys.length, ...keys, ...args);
      });
    } catch (error) {
      // The client hangs the whole command on its errors; messages and keys in it must not reach a log.
      if (error instanceof Error) Reflect.deleteProperty(error, 'command');
      throw error;
    }
  };
}
