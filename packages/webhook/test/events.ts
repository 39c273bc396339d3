import { eventId, type FlotillaEvent } from '@flotilla/contracts';

/** An event of an instance. */
export const eventAt = (sequence: number, instance = 'ins_a', type: FlotillaEvent['type'] = 'qrcode.updated') =>
  ({
    id: eventId(instance, sequence),
    type,
    instance,
    sequence,
    occurredAt: 1,
    data: { qr: 'q', expiresAt: 2 },
  }) as FlotillaEvent;

/** Neighbours of an instance's log. */
export const eventsFrom = (from: number, to: number, instance = 'ins_a') =>
  Array.from({ length: to - from + 1 }, (_, n) => eventAt(from + n, instance));
