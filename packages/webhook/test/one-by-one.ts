import type { Redis } from '@flotilla/redis';
import { type DeliveryLimits, exchange, type Outcome, type SettleResult, type TakenEntry } from '../src/exchange.ts';

/** What an endpoint has for a worker that wants one entry: that, or how long there will be none (undefined: for ever). */
export async function look(redis: Redis, endpoint: string, limits: DeliveryLimits) {
  const { taken, waitMs } = await exchange(redis, endpoint, { take: 1 }, limits);
  return { taken: taken[0], waitMs };
}

/** The next entry that may be tried, of whichever mailbox. @throws if there is none */
export async function takeOne(redis: Redis, endpoint: string, limits: DeliveryLimits): Promise<TakenEntry> {
  const { taken } = await look(redis, endpoint, limits);
  if (!taken) throw new Error('There is nothing to take');
  return taken;
}

/** Settles one entry. */
export async function settleOne(
  redis: Redis,
  taken: TakenEntry,
  outcome: Outcome,
  limits: DeliveryLimits,
): Promise<SettleResult> {
  const { settled } = await exchange(redis, taken.mailbox.endpoint, { settle: [{ taken, outcome }] }, limits);
  const [result] = settled;
  if (!result) throw new Error('Nothing was settled');
  return result;
}
