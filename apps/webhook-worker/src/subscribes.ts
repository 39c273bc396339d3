import type { EndpointRecord, FlotillaEvent } from '@flotilla/contracts';
import { formats } from '@flotilla/format';
import { fitsPattern, isOperational } from '@flotilla/webhook';

/** Event types that have a counterpart, by format. */
const known = new Map(Object.entries(formats).map(([name, { events }]) => [name, new Set<string>(events)]));

/**
 * Whether an endpoint has asked for such an event, and its format has a counterpart for it. What happens to webhooks goes
 * only to those that name it: `*` is what happens at instances. And never to the one that it is about.
 */
export function subscribes(
  { id, format, instances, events }: Pick<EndpointRecord, 'id' | 'format' | 'instances' | 'events'>,
  event: FlotillaEvent,
): boolean {
  if (instances.length > 0 && !instances.includes(event.instance)) return false;
  if (!known.get(format)?.has(event.type)) return false;
  if (isOperational(event.type) && 'webhook' in event.data && event.data.webhook === id) return false;
  return events.some((pattern) => fitsPattern(pattern, event.type) && (pattern !== '*' || !isOperational(event.type)));
}
