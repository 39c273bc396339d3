import { instanceKeys, queues } from '@flotilla/contracts';

/** What BullMQ keeps of a job of an instance when it is done. The lane decides about retries: BullMQ's own would let later commands overtake. */
export const laneJobOptions = {
  attempts: 1,
  removeOnComplete: { age: 3_600, count: 20 },
  removeOnFail: { age: 86_400, count: 200 },
} as const;

/** How many entries BullMQ keeps of what happens in a queue of an instance: nobody reads them. */
export const keptLaneEvents = 10;

/**
 * For scripts that add commands together with something else of their instance: a Lua file with
 * `addCommand(base, id, name, data, options, now)`, and what it is called with.
 */
export const commandJobs = {
  lua: new URL('./commands.lua', import.meta.url),
  /** What the keys of an instance's queue begin with. */
  base: (instance: string) => `${instanceKeys.queuePrefix(instance)}:${queues.commands}:`,
  /** HASH: the queue's own settings, of which a script sees to `opts.maxLenEvents`, or BullMQ keeps thousands. */
  meta: (instance: string) => `${instanceKeys.queuePrefix(instance)}:${queues.commands}:meta`,
  options: JSON.stringify(laneJobOptions).slice(1, -1),
  keptEvents: keptLaneEvents,
} as const;
