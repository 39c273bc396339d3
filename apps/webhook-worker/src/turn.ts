import type { TurnJob } from '@flotilla/contracts';
import type { Queues } from '@flotilla/queue';
import { type ExpiredEntry, forgetMailbox, readEndpoint, settle, take } from '@flotilla/webhook';
import { announce, type DeliveryParts, deliver } from './deliver.ts';
import type { OpenEndpoint } from './endpoint-cache.ts';

/** A turn ends after so many deliveries or so much time (ms), and queues behind the turns of others. */
const turnDeliveries = 20;
const turnMs = 10_000;

export interface TurnParts extends DeliveryParts {
  queues: Pick<Queues, 'addTurns'>;
  /** The endpoint if it takes deliveries. */
  openEndpoint: (tenant: string, id: string) => Promise<OpenEndpoint | undefined>;
  /** Aborted when the worker stops taking work: the turn ends after the delivery at hand. */
  stopping: AbortSignal;
}

/** Spreads what waits for the same thing. */
const spread = (ms: number) => Math.ceil(ms * (1 + Math.random() / 4));

/**
 * Delivers from the head of one mailbox. The events stay in it until they are settled, so a turn may end, or its worker
 * die, at any point: the next one begins with the same event.
 * @param signal cuts the delivery at hand off
 * @returns ms after which this turn shall come again; undefined if there is nothing left to do for it
 */
export async function takeTurn(parts: TurnParts, job: TurnJob, signal: AbortSignal): Promise<number | undefined> {
  const { redis, queues, limits, stopping } = parts;
  const { endpoint: id, tenant, instance } = job;
  const mailbox = { endpoint: id, instance };
  const until = performance.now() + turnMs;

  for (let n = 0; n < turnDeliveries && performance.now() < until && !stopping.aborted; n += 1) {
    const endpoint = await parts.openEndpoint(tenant, id);
    if (!endpoint) {
      // Switched off: whoever switches it on asks for a turn. Removed: nobody will ever read this mailbox.
      if (!(await readEndpoint(redis, tenant, id))) await forgetMailbox(redis, mailbox);
      return undefined;
    }
    const taken = await take(redis, mailbox, limits);
    switch (taken.state) {
      case 'empty':
        return undefined;
      case 'later':
        return taken.waitMs;
      case 'busy':
      case 'open':
        return spread(taken.waitMs);
      case 'full':
        return 250 + Math.random() * 750;
      case 'expired':
        await giveUp(parts, endpoint, taken);
        break;
      case 'head': {
        const after = await deliver(parts, endpoint, taken, signal);
        if (after.next === 'end') return undefined;
        if (after.next === 'wait') return after.ms;
      }
    }
  }
  await queues.addTurns([job]);
  return undefined;
}

async function giveUp(parts: TurnParts, { record }: OpenEndpoint, taken: ExpiredEntry): Promise<void> {
  const { redis, limits, metrics, log } = parts;
  const result = await settle(redis, taken, { state: 'dead' }, limits);
  if (!result.settled) return;
  metrics.deadLetters.inc();
  const { endpoint, instance } = taken.mailbox;
  log.info({ endpoint, instance, eventId: taken.entry.event.id, outcome: 'dead' }, 'delivery.expired');
  await announce(parts, record, taken, undefined, result);
}
