import { instanceKeys } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';
import { FencedError } from './errors.ts';
import type { Fence } from './ownership.ts';

/** One command of a fenced batch. Its key must carry the instance's hash tag. */
export interface RedisCommand {
  /** One of `allowedCommands`, in lower case. */
  command: string;
  key: string;
  args: readonly (string | number | Buffer)[];
}

export interface FencedWriteOptions {
  /** Token of this batch: a batch whose token was seen within `onceTtlMs` changes nothing. */
  once?: string;
  /** ms that the token is remembered. @default 600000 */
  onceTtlMs?: number;
  /** Channel that gets the message `1` if the batch was done. */
  publish?: string;
}

type Args = RedisCommand['args'];

interface CommandRule {
  /** What the key must hold, if it exists; '' for any. */
  type: 'hash' | 'stream' | 'list' | 'set' | 'zset' | '';
  /** Whether Redis would take these arguments. */
  accepts: (args: Args) => boolean;
}

/** Above this many arguments the script cuts a command into several, which only these commands bear. */
const longest = 4_000;
const divisible = new Set(['hset', 'hdel', 'sadd', 'srem', 'zrem']);

const isInteger = (arg: Args[number] | undefined) => arg !== undefined && /^-?\d{1,15}$/.test(String(arg));
const some = (args: Args) => args.length > 0;
const none = (args: Args) => args.length === 0;
const pairs = (args: Args) => args.length > 0 && args.length % 2 === 0;
const scored = (args: Args) => pairs(args) && args.every((arg, n) => n % 2 === 1 || isInteger(arg));

/** Commands that a batch may hold, and the arguments of each that cannot fail halfway through. */
const rules: Record<string, CommandRule> = {
  hset: { type: 'hash', accepts: pairs },
  hdel: { type: 'hash', accepts: some },
  hsetnx: { type: 'hash', accepts: (args) => args.length === 2 },
  /** A field that holds no number, or would become too large, begins anew at what is added: Redis would stop here. */
  hincrby: { type: 'hash', accepts: ([field, by, ...rest]) => field !== undefined && isInteger(by) && none(rest) },
  /** Answers 1 if the field is there and begins with one of the texts, for a `when` that follows; changes nothing. */
  hstarts: { type: 'hash', accepts: (args) => args.length > 1 },
  set: {
    type: '',
    accepts: (args) =>
      args.length === 1 ||
      (args.length === 3 && String(args[1]).toUpperCase() === 'PX' && isInteger(args[2]) && Number(args[2]) > 0),
  },
  del: { type: '', accepts: none },
  pexpire: { type: '', accepts: (args) => args.length === 1 && isInteger(args[0]) },
  persist: { type: '', accepts: none },
  /** Moves what the key of the command before holds to this key, in place of what is there. Answers 0 if it holds nothing. */
  rename: { type: 'hash', accepts: none },
  /** Leaves out so many of the next commands if the one before answered 0, or was itself left out. */
  when: { type: '', accepts: (args) => args.length === 1 && isInteger(args[0]) && Number(args[0]) > 0 },
  /** Lets the next command pass only if this key is not there, and sets it for so many ms. */
  guard: { type: '', accepts: (args) => args.length === 1 && isInteger(args[0]) && Number(args[0]) > 0 },
  /** The id `0-*`: Redis counts, so that the entry's id is the event's sequence. */
  xadd: { type: 'stream', accepts: ([id, ...fields]) => id === '0-*' && pairs(fields) },
  xtrim: {
    type: 'stream',
    accepts: (args) => /^(maxlen|minid)( [=~])? \d+(-\d+)?$/i.test(args.join(' ')),
  },
  rpush: { type: 'list', accepts: some },
  sadd: { type: 'set', accepts: some },
  srem: { type: 'set', accepts: some },
  /** Pairs of score (an integer) and member; before them `NX` (leave alone what is there) or `GT` (scores only rise). */
  zadd: {
    type: 'zset',
    accepts: (args) => scored(/^(nx|gt)$/i.test(String(args[0])) ? args.slice(1) : args),
  },
  zrem: { type: 'zset', accepts: some },
  zremrangebyrank: { type: 'zset', accepts: (args) => args.length === 2 && args.every(isInteger) },
};

/** Names of the commands that a fenced batch may hold. */
export const allowedCommands: readonly string[] = Object.keys(rules);

const script = defineScript(new URL('./lua/fenced-write.lua', import.meta.url));

/** The rule of a command, after checking whatever can be checked here. */
function check({ command, key, args }: RedisCommand, fence: Fence, ownership: string): CommandRule {
  const rule = Object.hasOwn(rules, command) ? rules[command] : undefined;
  if (rule === undefined) throw new RangeError(`${command} is not allowed in a fenced batch`);
  if (key === ownership || !key.startsWith(`{${fence.instance}}`, key.indexOf('{'))) {
    throw new RangeError(`A fenced batch of instance ${fence.instance} cannot write this key with ${command}`);
  }
  const broken = args.some((arg) => arg === undefined || (typeof arg === 'number' && !Number.isFinite(arg)));
  if (broken || !rule.accepts(args)) {
    throw new RangeError(`Arguments that ${command} does not take in a fenced batch`);
  }
  if (args.length > longest && !divisible.has(command)) throw new RangeError(`Too many arguments for ${command}`);
  return rule;
}

/**
 * Writes as the owner of an instance: all commands in one step, and only if the fence still holds. Everything that an
 * owner writes goes through here.
 * @returns each command's reply in order; none if the batch's `once` token shows that it was done before
 * @throws {FencedError} when owner or epoch differ, or nobody owns the instance: nothing was written
 * @throws {RangeError} when the batch is not one that Redis would take: nothing was sent
 */
export async function fencedWrite(
  redis: Redis,
  fence: Fence,
  commands: readonly RedisCommand[],
  { once, onceTtlMs = 600_000, publish = '' }: FencedWriteOptions = {},
): Promise<{ alreadyDone: boolean; replies: unknown[] }> {
  if (!Number.isSafeInteger(onceTtlMs) || onceTtlMs <= 0) throw new RangeError('onceTtlMs must be a positive integer');
  const ownership = instanceKeys.ownership(fence.instance);
  const keys = [ownership, once === undefined ? ownership : instanceKeys.once(fence.instance, once)];
  const args: (string | number | Buffer)[] = [fence.owner, fence.epoch, onceTtlMs, publish];
  // Without a command before it, the key before it would be none of the caller's.
  if (commands[0]?.command === 'rename') throw new RangeError('rename needs a command before it');
  for (const command of commands) {
    const { type } = check(command, fence, ownership);
    keys.push(command.key);
    args.push(command.command, type, command.args.length);
    for (const arg of command.args) args.push(arg);
  }
  try {
    const [done, ...replies] = (await script(redis, keys, args)) as [number, ...unknown[]];
    return { alreadyDone: done === 0, replies };
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('FENCED')) throw new FencedError(fence, { cause: error });
    throw error;
  }
}
