import { type EventType, events } from '@flotilla/contracts';
import type { Format } from './format.ts';

/** The event as everyone outside sees it, and nothing else. */
export const native: Format = {
  events: Object.keys(events) as EventType[],
  format: async ({ id, type, instance, sequence, occurredAt, data }) => ({
    body: { id, type, instance, sequence, occurredAt, data },
  }),
};
