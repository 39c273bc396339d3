import { instanceKeys } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import { packId } from './message-id.ts';
import { idsOf, type MessageFilter } from './message-list.ts';
import { removeCommands } from './message-writer.ts';
import { targetsOf } from './surplus.ts';

/** How many messages one transaction drops: some milliseconds of Redis' time. */
const batchSize = 200;

/** Drops messages in one transaction on the instance's slot. */
async function drop(redis: Redis, instance: string, ids: readonly Buffer[]): Promise<number> {
  const key = instanceKeys.historyTimes(instance);
  const targets = await targetsOf(redis, instance, ids);
  // What is not there is left alone: if it came in this moment, only a part of it would go.
  const commands = removeCommands(
    instance,
    targets.filter(({ chats }) => chats.length > 0),
  );
  if (commands.length === 0) return 0;
  const transaction = redis.multi();
  for (const { command, key: of, args } of commands)
    transaction.call(command, of, ...args.map((arg) => (typeof arg === 'number' ? String(arg) : arg)));
  const replies = (await transaction.exec()) ?? [];
  const at = commands.findIndex((command) => command.key === key);
  return Number(replies[at]?.[1] ?? 0);
}

/**
 * Drops one message from the history, on behalf of whoever may read it. It stays on WhatsApp.
 *
 * Needs no fence, unlike what the instance's owner writes: a message that is dropped twice is dropped, and what the
 * owner writes about a message has an effect only while the message is there, which the same script sees.
 */
export async function forgetMessage(redis: Redis, instance: string, id: string): Promise<boolean> {
  return (await drop(redis, instance, [packId(id)])) > 0;
}

/**
 * Drops messages from the history, a batch at a time, as `forgetMessage` does one. Those that arrive meanwhile stay.
 * @returns how many
 */
export async function forgetMessages(
  redis: Redis,
  instance: string,
  filter: Pick<MessageFilter, 'chats' | 'before'>,
): Promise<number> {
  let count = 0;
  for await (const ids of idsOf(redis, instance, filter, batchSize)) count += await drop(redis, instance, ids);
  return count;
}
