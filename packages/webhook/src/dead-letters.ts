import {
  type DeadLetter,
  type DeadLetterDetail,
  type DeadLetterQuery,
  type DeadLetterSelection,
  endpointKeys,
  type SelectionResult,
  type TurnJob,
} from '@flotilla/contracts';
import { decodeCursor, type Page, type Redis } from '@flotilla/redis';
import { deliverAgain } from './again.ts';
import { fitsNarrowing, ofEndpoint, type PageRequest, readDelivery, readPlaced } from './delivery-log.ts';
import { readEndpoint, readEndpoints } from './endpoint-store.ts';
import { type StoredDeadLetter, toDeadLetter } from './mailbox.ts';
import { mergeNewestFirst, placedRecords } from './newest-first.ts';

/** Dead letters that are read, moved or deleted at a time. */
const batch = 100;

/** Where an event stands in its log, by its id. */
const sequenceOf = (eventId: string) => Number(/_(\d+)$/.exec(eventId)?.[1] ?? 0);

const partsOf = (id: string) => /^([^.]+)\.(.+)$/.exec(id)?.slice(1) ?? [];

/**
 * A tenant's dead letters. Whatever is not the tenant's is not found: undefined or false.
 * @param addTurn asks for a turn of an endpoint
 */
export function createDeadLetters({ redis, addTurn }: { redis: Redis; addTurn: (job: TurnJob) => Promise<void> }) {
  const readOwn = async (tenant: string, id: string) => {
    const [endpoint, eventId] = partsOf(id);
    if (endpoint === undefined || eventId === undefined || !(await readEndpoint(redis, tenant, endpoint)))
      return undefined;
    const stored = await redis.get(endpointKeys.deadLetter(endpoint, eventId));
    return { endpoint, eventId, deadLetter: stored ? (JSON.parse(stored) as StoredDeadLetter) : undefined };
  };

  /** Those of one endpoint that fit, in batches: instance after instance, each in the order of its events. */
  async function* selected(endpoint: string, { from = 0, to, ...asked }: DeadLetterSelection) {
    const until = String(to ?? '+inf');
    const ids = await redis.zrange(endpointKeys.deadLetters(endpoint), String(from), until, 'BYSCORE');
    const inOrder = [...Map.groupBy(ids, (id) => id.replace(/_\d+$/, '')).values()].flatMap((own) =>
      own.sort((a, b) => sequenceOf(a) - sequenceOf(b)),
    );
    for (let n = 0; n < inOrder.length; n += batch) {
      const stored = await redis.mget(inOrder.slice(n, n + batch).map((id) => endpointKeys.deadLetter(endpoint, id)));
      const letters = stored.flatMap((json) => (json ? [JSON.parse(json) as StoredDeadLetter] : []));
      yield letters.filter(({ event, attempts }) => fitsNarrowing({ ...event, attempts }, asked));
    }
  }

  /** Does something to those that fit, up to the limit. */
  const forSelected = async (
    tenant: string,
    selection: DeadLetterSelection,
    act: (endpoint: string, letters: readonly StoredDeadLetter[]) => Promise<number>,
  ): Promise<SelectionResult | undefined> => {
    const { webhook, limit = 1_000 } = selection;
    if (!(await readEndpoint(redis, tenant, webhook))) return undefined;
    let count = 0;
    for await (const letters of selected(webhook, selection)) {
      const allowed = letters.slice(0, limit - count);
      if (allowed.length > 0) count += await act(webhook, allowed);
      if (letters.length > allowed.length) return { count, more: true };
    }
    return { count, more: false };
  };

  const redrive = async (tenant: string, endpoint: string, letters: readonly StoredDeadLetter[]): Promise<number> => {
    let count = 0;
    for (const [instance, own] of Map.groupBy(letters, ({ event }) => event.instance)) {
      count += Number(await deliverAgain(redis, { endpoint, instance }, own, { onlyDead: true }));
    }
    await addTurn({ endpoint, tenant });
    return count;
  };

  const purge = async (endpoint: string, ids: readonly string[]): Promise<number> => {
    await redis.zrem(endpointKeys.deadLetters(endpoint), ...ids);
    return redis.del(ids.map((id) => endpointKeys.deadLetter(endpoint, id)));
  };

  return {
    /**
     * Dead letters of the tenant, or of one of its endpoints, the newest first; undefined if that endpoint is not there.
     * @throws BadCursorError
     */
    async listDeadLetters(
      tenant: string,
      { webhook, limit, cursor, ...asked }: PageRequest & Omit<DeadLetterQuery, 'limit' | 'cursor'>,
    ): Promise<Page<DeadLetter> | undefined> {
      const after = decodeCursor(cursor);
      const ids = (await readEndpoints(redis, tenant)).map(({ id }) => id);
      if (webhook !== undefined && !ids.includes(webhook)) return undefined;
      const endpoints = webhook === undefined ? ids : [webhook];
      const sources = endpoints.map((endpoint) =>
        ofEndpoint(
          endpoint,
          after,
          { to: asked.to, batch: endpoints.length > 10 ? 10 : batch },
          async function* (reading) {
            const recordKey = (id: string) => endpointKeys.deadLetter(endpoint, id);
            const own = placedRecords<StoredDeadLetter>(redis, endpointKeys.deadLetters(endpoint), reading, recordKey);
            for await (const { place, record } of own) yield { place, record: toDeadLetter(endpoint, record) };
          },
        ),
      );
      return readPlaced(mergeNewestFirst(sources), { limit, from: asked.from }, (letter) =>
        fitsNarrowing(letter, asked),
      );
    },

    /** One dead letter with its event. */
    async getDeadLetter(tenant: string, id: string): Promise<DeadLetterDetail | undefined> {
      const found = await readOwn(tenant, id);
      if (!found?.deadLetter) return undefined;
      const { endpoint, deadLetter } = found;
      return { ...toDeadLetter(endpoint, deadLetter), event: deadLetter.event };
    },

    /**
     * Puts a dead letter back to the tail of its mailbox, with the event's own id and the whole schedule before it.
     * Doing it again before the next attempt changes nothing.
     * @returns false if there is none (any more)
     */
    async redrive(tenant: string, id: string): Promise<boolean> {
      const found = await readOwn(tenant, id);
      if (!found) return false;
      const { endpoint, eventId, deadLetter } = found;
      if (deadLetter) {
        await redrive(tenant, endpoint, [deadLetter]);
        return true;
      }
      // Whoever moved it may have died before asking for a turn.
      const delivery = await readDelivery(redis, endpoint, eventId);
      if (delivery?.state !== 'pending') return false;
      await addTurn({ endpoint, tenant });
      return true;
    },

    /** Redrives those that fit; each instance's keep their order among themselves. Undefined without such an endpoint. */
    redriveSelected: (tenant: string, selection: DeadLetterSelection) =>
      forSelected(tenant, selection, (endpoint, letters) => redrive(tenant, endpoint, letters)),

    /** Deletes a dead letter for good. */
    async purge(tenant: string, id: string): Promise<boolean> {
      const found = await readOwn(tenant, id);
      return found?.deadLetter !== undefined && (await purge(found.endpoint, [found.eventId])) > 0;
    },

    /** Deletes those that fit for good. Undefined without such an endpoint. */
    purgeSelected: (tenant: string, selection: DeadLetterSelection) =>
      forSelected(tenant, selection, (endpoint, letters) =>
        purge(
          endpoint,
          letters.map(({ event }) => event.id),
        ),
      ),
  };
}
