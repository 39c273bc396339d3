import type { EventType, FlotillaEvent } from '@flotilla/contracts';
import { lastSequence, readEvents } from '@flotilla/instance';
import type { Parts } from '../parts.ts';

type Of<T extends EventType> = Extract<FlotillaEvent, { type: T }>;

/**
 * The newest event of a type that fits, among the last ones of an instance: for times that only events know.
 * @param lookedAt how many events are looked at
 */
export async function recentEvent<T extends EventType>(
  { redis }: Pick<Parts, 'redis'>,
  instance: string,
  type: T,
  fits: (event: Of<T>) => boolean,
  lookedAt = 100,
): Promise<Of<T> | undefined> {
  const newest = await lastSequence(redis, instance);
  const events = await readEvents(redis, instance, Math.max(0, newest - lookedAt), lookedAt);
  return events.findLast((event): event is Of<T> => event.type === type && fits(event as Of<T>));
}
