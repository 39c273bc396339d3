import {
  type Delivery,
  type DeliveryDetail,
  type DeliveryQuery,
  endpointKeys,
  eventId,
  type FlotillaEvent,
  instanceKeys,
  type TurnJob,
} from '@flotilla/contracts';
import { readEvents } from '@flotilla/instance';
import type { Page, Redis } from '@flotilla/redis';
import { deliverAgain } from './again.ts';
import { listDeliveries, type PageRequest, readDelivery } from './delivery-log.ts';
import { readEndpoint, readEndpoints } from './endpoint-store.ts';
import type { StoredDeadLetter } from './mailbox.ts';
import { resend } from './record.ts';

type Asked = PageRequest & Omit<DeliveryQuery, 'limit' | 'cursor'>;

/** What came of asking for one delivery again: `gone`: the event is kept no longer; `off`: the endpoint takes nothing. */
export type Resent = Delivery['state'] | 'gone' | 'off' | undefined;

/** Whether an instance is a tenant's, or stands for the tenant itself. */
export const ownsInstance = async (redis: Redis, tenant: string, instance: string): Promise<boolean> =>
  instance === tenant || (await redis.hget(instanceKeys.record(instance), 'tenant')) === tenant;

/** The event with this number in an instance's log; undefined if it is not kept. */
async function readEvent(redis: Redis, instance: string, sequence: number): Promise<FlotillaEvent | undefined> {
  const [event] = await readEvents(redis, instance, sequence - 1, 1);
  return event?.sequence === sequence ? event : undefined;
}

/** Which log and number an event id may name: it leaves out how an instance's id begins. */
function sourcesOf(id: string): { instance: string; sequence: number }[] {
  const [, rest, number] = /^evt_(\w+)_(\d{1,15})$/.exec(id) ?? [];
  if (rest === undefined || number === undefined) return [];
  const sequence = Number(number);
  return [`ins_${rest}`, rest]
    .filter((instance) => eventId(instance, sequence) === id)
    .map((instance) => ({ instance, sequence }));
}

/**
 * A tenant's deliveries. Whatever is not the tenant's is not found: undefined.
 * @param addTurn asks for a turn of an endpoint
 */
export function createDeliveries({ redis, addTurn }: { redis: Redis; addTurn: (job: TurnJob) => Promise<void> }) {
  /** The event of a delivery, from the log, or from the dead letter. */
  const eventOf = async (tenant: string, endpoint: string, id: string): Promise<FlotillaEvent | undefined> => {
    const dead = await redis.get(endpointKeys.deadLetter(endpoint, id));
    if (dead) return (JSON.parse(dead) as StoredDeadLetter).event;
    for (const { instance, sequence } of sourcesOf(id)) {
      if (!(await ownsInstance(redis, tenant, instance))) continue;
      const event = await readEvent(redis, instance, sequence);
      if (event) return event;
    }
    return undefined;
  };

  return {
    /** An endpoint's deliveries, the one that changed last first. @throws BadCursorError */
    async listDeliveries(tenant: string, id: string, request: Asked): Promise<Page<Delivery> | undefined> {
      if (!(await readEndpoint(redis, tenant, id))) return undefined;
      return listDeliveries(redis, [id], request);
    },

    /** Deliveries to all endpoints of a tenant, or to one of them. @throws BadCursorError */
    async listAllDeliveries(
      tenant: string,
      { webhook, ...request }: Asked & { webhook?: string | undefined },
    ): Promise<Page<Delivery> | undefined> {
      const ids = (await readEndpoints(redis, tenant)).map(({ id }) => id);
      if (webhook !== undefined && !ids.includes(webhook)) return undefined;
      return listDeliveries(redis, webhook === undefined ? ids : [webhook], request);
    },

    /** One delivery with its event. */
    async getDelivery(tenant: string, endpoint: string, id: string): Promise<DeliveryDetail | undefined> {
      if (!(await readEndpoint(redis, tenant, endpoint))) return undefined;
      const delivery = await readDelivery(redis, endpoint, id);
      if (!delivery) return undefined;
      const event = await eventOf(tenant, endpoint, id);
      return { ...delivery, ...(event && { event }) };
    },

    /**
     * Delivers an event to an endpoint again, beside the live traffic: whatever became of it before, and also if the
     * endpoint has never had it. What is under way is left alone.
     * @returns its state from now on, or why it is not sent
     */
    async resend(tenant: string, endpoint: string, id: string): Promise<Resent> {
      const record = await readEndpoint(redis, tenant, endpoint);
      if (!record) return undefined;
      const delivery = await readDelivery(redis, endpoint, id);
      const mailbox = { endpoint, instance: resend };
      if (delivery?.state === 'pending' || delivery?.state === 'retrying') {
        // Whoever put it there may have died before asking for a turn.
        await addTurn({ endpoint, tenant });
        return delivery.state;
      }
      const event = await eventOf(tenant, endpoint, id);
      if (!event) return delivery ? 'gone' : undefined;
      if (!record.enabled) return 'off';
      // Whoever asked at the same time may have been faster: then it is under way, and comes once.
      await deliverAgain(redis, mailbox, [{ event, attempts: delivery?.attempts ?? [] }], {
        via: resend,
        onlyIdle: true,
      });
      await addTurn({ endpoint, tenant });
      return 'pending';
    },
  };
}
