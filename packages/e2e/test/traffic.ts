import type { Instance } from '@flotilla/contracts';
import { eventually, type Fleet, type LinkedPhone, type TenantClient } from '@flotilla/fleet';

/** An instance with a contact of its own, and what passed between them. */
export interface Pair {
  id: string;
  linked: LinkedPhone;
  contact: string;
  /** Texts that the gateway accepted, in order of acceptance. */
  sent: string[];
  /** Ids of the messages that the contact sent. */
  received: string[];
}

/** Pairs so many instances, each with a contact of its own. */
export async function pairs(fleet: Fleet, tenant: TenantClient, count: number): Promise<Pair[]> {
  const made: Pair[] = [];
  const one = async () => {
    while (made.length < count) {
      const pair: Pair = {
        id: '',
        linked: { jid: '', lid: '', phone: '', device: 0 },
        contact: '',
        sent: [],
        received: [],
      };
      made.push(pair);
      const { id, linked } = await tenant.pairedInstance(fleet.simulator);
      const { phone } = await fleet.simulator.createContact();
      Object.assign(pair, { id, linked, contact: phone });
    }
  };
  await Promise.all(Array.from({ length: 4 }, one));
  return made;
}

/** Traffic both ways that goes on until it is stopped. */
export interface Traffic {
  /** Stops it, and resolves when every request has been answered. */
  stop(): Promise<void>;
}

/**
 * Sends numbered texts at a steady rate, spread over all pairs, and has their contacts write as much. Each instance's
 * sends are accepted one after the other; a refused request is repeated with the same idempotency key, as a client does.
 * @param perSecond over all pairs together, each way
 */
export function traffic(fleet: Fleet, tenant: TenantClient, all: readonly Pair[], perSecond: number): Traffic {
  let count = 0;
  const stopping = new AbortController();
  const turns = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  const send = async (pair: Pair, text: string) => {
    await eventually(
      async () => {
        await tenant.sendText(pair.id, pair.contact, text, { idempotencyKey: `${pair.id} ${text}` });
        return true;
      },
      { timeoutMs: 30_000, message: `${text} is accepted` },
    );
    pair.sent.push(text);
    pair.received.push(await fleet.simulator.contactSend(pair.contact, pair.linked.phone, `from outside ${text}`));
  };
  const timer = setInterval(() => {
    const pair = all[count % all.length];
    count += 1;
    if (!pair || stopping.signal.aborted) return;
    const text = `text ${count}`;
    const turn = (turns.get(pair.id) ?? Promise.resolve()).then(() => send(pair, text));
    turns.set(
      pair.id,
      turn.catch((error: unknown) => void failures.push(error)),
    );
  }, 1_000 / perSecond);
  return {
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await Promise.all(turns.values());
      if (failures.length > 0) throw new AggregateError(failures, `${failures.length} requests failed`);
    },
  };
}

/** What the contacts and the webhook receiver saw, against what was accepted and sent. Nothing of ours is asked. */
export interface Audit {
  accepted: number;
  lost: string[];
  duplicated: string[];
  outOfOrder: string[];
  inbound: number;
  inboundLost: string[];
  inboundDuplicated: string[];
  undecryptable: number;
  secondDecryptions: number;
}

/** Waits until everything has arrived, or for so long, and then says what is missing or too much. */
export async function audit(fleet: Fleet, all: readonly Pair[], timeoutMs = 30_000): Promise<Audit> {
  const looked = async () => {
    const found = await look(fleet, all);
    if (found.lost.length > 0 || found.inboundLost.length > 0) throw new Error('something is missing');
    return found;
  };
  return eventually(looked, { timeoutMs }).catch(() => look(fleet, all));
}

async function look(fleet: Fleet, all: readonly Pair[]): Promise<Audit> {
  const result: Audit = {
    accepted: 0,
    lost: [],
    duplicated: [],
    outOfOrder: [],
    inbound: 0,
    inboundLost: [],
    inboundDuplicated: [],
    undecryptable: 0,
    secondDecryptions: 0,
  };
  const eventIds = new Map<string, Set<string>>();
  for (const event of fleet.receiver.events as {
    id: string;
    type: string;
    instance: string;
    data: { message?: { id: string } };
  }[]) {
    const message = event.type === 'messages.upsert' ? event.data.message?.id : undefined;
    if (message === undefined) continue;
    const key = `${event.instance} ${message}`;
    eventIds.set(key, (eventIds.get(key) ?? new Set()).add(event.id));
  }
  for (const pair of all) {
    const inbox = await fleet.simulator.inbox(pair.contact);
    const shown = inbox.entries.map(({ text }) => text ?? '');
    const seen = new Set(shown);
    result.accepted += pair.sent.length;
    result.lost.push(...pair.sent.filter((text) => !seen.has(text)));
    result.duplicated.push(...shown.filter((text, index) => shown.indexOf(text) !== index));
    const inOrder = pair.sent.filter((text) => seen.has(text));
    if (inOrder.join() !== [...seen].join()) result.outOfOrder.push(`${pair.id}: ${shown.join()}`);
    result.undecryptable += inbox.undecryptable;
    result.secondDecryptions += inbox.secondDecryptions;
    result.inbound += pair.received.length;
    for (const id of pair.received) {
      const ids = eventIds.get(`${pair.id} ${id}`);
      if (!ids) result.inboundLost.push(id);
      else if (ids.size > 1) result.inboundDuplicated.push(id);
    }
  }
  return result;
}

/** The audit of a fleet that has lost nothing and done nothing twice. */
export const clean = {
  lost: [],
  duplicated: [],
  outOfOrder: [],
  inboundLost: [],
  inboundDuplicated: [],
  undecryptable: 0,
} as const;

/** Waits until every pair's instance is open and held by a worker that lives, and says after how many seconds. */
export async function secondsUntilOpen(
  fleet: Fleet,
  tenant: TenantClient,
  all: readonly Pair[],
  timeoutMs = 60_000,
): Promise<number> {
  const began = performance.now();
  await eventually(
    async () => {
      const living = await livingWorkers(fleet);
      const instances = await instancesOf(tenant);
      const closed = instances.filter(
        ({ worker, status }) => status.state !== 'open' || !worker || !living.has(worker),
      );
      if (closed.length > 0) throw new Error(`${closed.length} of ${all.length} are not open`);
      return true;
    },
    { timeoutMs, message: 'All instances are open' },
  );
  return (performance.now() - began) / 1_000;
}

/** Incarnations that answer now. */
async function livingWorkers(fleet: Fleet): Promise<Set<string>> {
  const answers = await Promise.all(
    fleet.workers
      .filter(({ isRunning }) => isRunning)
      .map(async ({ url }) => {
        const response = await fetch(`${url}/incarnation`, { signal: AbortSignal.timeout(1_000) });
        return ((await response.json()) as { incarnation: string }).incarnation;
      }),
  );
  return new Set(answers);
}

/** All instances of the tenant. */
export async function instancesOf(tenant: TenantClient): Promise<Instance[]> {
  return (await tenant.call<{ items: Instance[] }>('GET', '/v1/instances?limit=200')).items;
}
