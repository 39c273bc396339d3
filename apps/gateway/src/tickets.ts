import { type EventTicket, fleetKeys, newTicket, sha256 } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import type { KeyHolder } from './api-keys.ts';

/** How long a ticket may be used (ms). */
const ticketTtlMs = 60_000;

export type Tickets = ReturnType<typeof createTickets>;

/** Tickets: what stands in for an API key in a URL, once and for a short time. */
export function createTickets(redis: Redis) {
  return {
    /** A ticket that stands for whoever asks for it. */
    async create(holder: KeyHolder): Promise<EventTicket> {
      const ticket = newTicket();
      await redis.set(fleetKeys.ticket(sha256(ticket)), JSON.stringify(holder), 'PX', ticketTtlMs);
      return { ticket, expiresAt: Date.now() + ticketTtlMs };
    },

    /** Whom a ticket stands for, and ends it; undefined if it is unknown, used or expired. */
    async redeem(ticket: string): Promise<KeyHolder | undefined> {
      const json = await redis.getdel(fleetKeys.ticket(sha256(ticket)));
      return json === null ? undefined : JSON.parse(json);
    },
  };
}
