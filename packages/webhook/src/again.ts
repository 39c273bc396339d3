import { type Attempt, endpointKeys, type FlotillaEvent } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';
import { bounds } from './bounds.ts';
import { entryText, type Mailbox, type MailboxEntry, toDelivery } from './mailbox.ts';

const againScript = defineScript(new URL('./again.lua', import.meta.url), {
  include: [new URL('./append.lua', import.meta.url)],
});

/** An event that is to be delivered once more, with the attempts of before. */
export interface Again {
  event: FlotillaEvent;
  attempts: readonly Attempt[];
}

/** How far a replay is. */
export interface ReplayStep {
  replay: string;
  /** As the record says, to be replaced by `position` if nobody was faster. */
  before: string;
  position: string;
}

/**
 * Puts events into a mailbox once more, with the whole schedule before them; one script, so that a crash leaves either
 * all of it or none.
 * @param via the replay that sends them, or `resend`; undefined for dead letters that go back to where they were
 * @param onlyDead leaves out what is no dead letter any more
 * @param onlyIdle leaves out what is under way
 * @returns how many were put there; with a step also `over` or `overtaken` if the replay did not allow it
 */
export async function deliverAgain(
  redis: Redis,
  { endpoint, instance }: Mailbox,
  events: readonly Again[],
  {
    via,
    onlyDead = false,
    onlyIdle = false,
    step,
  }: { via?: string; onlyDead?: boolean; onlyIdle?: boolean; step?: ReplayStep },
): Promise<number | 'over' | 'overtaken'> {
  const parts = events.flatMap(({ event, attempts }) => {
    const entry: MailboxEntry = { event, attempts: [...attempts], earlier: attempts.length, ...(via && { via }) };
    return [event.id, entryText(entry), JSON.stringify({ ...toDelivery(endpoint, entry, 'pending'), via })];
  });
  const added = Number(
    await againScript(
      redis,
      [
        endpointKeys.mailbox(endpoint, instance),
        endpointKeys.accepted(endpoint),
        endpointKeys.ready(endpoint),
        endpointKeys.backlog(endpoint),
        endpointKeys.deliveries(endpoint),
        endpointKeys.deadLetters(endpoint),
        ...(step ? [endpointKeys.replay(endpoint, step.replay)] : []),
      ],
      [
        ...[instance, bounds.deliveryTtlMs, endpointKeys.delivery(endpoint, ''), endpointKeys.deadLetter(endpoint, '')],
        ...[onlyDead ? '1' : onlyIdle ? '2' : '', step?.before ?? '', step?.position ?? '', events.length],
        ...parts,
      ],
    ),
  );
  if (added === -1) return 'over';
  return added === -2 ? 'overtaken' : added;
}
