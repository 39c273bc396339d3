import {
  type CreateReplay,
  type EndpointRecord,
  endpointKeys,
  instanceKeys,
  type NewEvent,
  newId,
  type Replay,
  type ReplayJob,
  tenantKeys,
} from '@flotilla/contracts';
import { decodeCursor, defineScript, newestFirst, type Page, type Redis } from '@flotilla/redis';
import { bounds } from './bounds.ts';
import { ownsInstance } from './deliveries.ts';
import { ofEndpoint, type PageRequest, readPlaced } from './delivery-log.ts';
import { readEndpoint, readEndpoints } from './endpoint-store.ts';
import { beginning, mergeNewestFirst, type Placed, type Reading } from './newest-first.ts';
import {
  endReplay,
  isUnderWay,
  type PlannedInstance,
  type ReplaySpec,
  readReplay,
  type StoredReplay,
  toReplay,
} from './replay-record.ts';

const beginScript = defineScript(new URL('./begin-replay.lua', import.meta.url));

/** Instances whose logs are looked at side by side while a replay is planned. */
const sideBySide = 100;

/** Instances that are named as not reaching back far enough. */
const mostTruncated = 100;

/** Replays of one endpoint that are remembered. */
const mostReplays = 100;

/** A replay cannot be made as it was asked for; the code is one of the API's errors. */
export class ReplayRefusedError extends Error {
  readonly code: 'VALIDATION' | 'INSTANCE_NOT_FOUND' | 'WEBHOOK_NOT_FOUND' | 'WEBHOOK_DISABLED' | 'REPLAY_RUNNING';
  /** What the error's text is about. */
  readonly detail: string;

  constructor(code: ReplayRefusedError['code'], detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'ReplayRefusedError';
    this.code = code;
    this.detail = detail;
  }
}

const invalid = (detail: string) => new ReplayRefusedError('VALIDATION', detail);

/** What is asked for, with nothing left open. @throws ReplayRefusedError */
function readSpec(tenant: string, webhook: string, input: CreateReplay): ReplaySpec {
  const { since, to, events, instances, perSecond = 50 } = input;
  const createdAt = Date.now();
  const from = input.from ?? since;
  if (from === undefined)
    throw invalid('body/from: is missing. Say from when on: `from`, or `since` for what was missed');
  if (input.from !== undefined && since !== undefined) throw invalid('body/since: say either `from` or `since`');
  if (since !== undefined && input.missedOnly === false)
    throw invalid('body/missedOnly: `since` means what was missed. To send everything again say `from`');
  const until = Math.min(to ?? createdAt, createdAt);
  if (from > until) throw invalid('body/from: must lie before `to`, and not in the future');
  if (from < createdAt - bounds.deliveredTtlMs) {
    const oldest = new Date(createdAt - bounds.deliveredTtlMs).toISOString();
    throw invalid(
      `body/${input.from === undefined ? 'since' : 'from'}: lies more than 30 days back. Say ${oldest} or later, as Unix ms`,
    );
  }
  const missedOnly = since !== undefined || input.missedOnly === true;
  return { tenant, webhook, from, to: until, missedOnly, events, instances, perSecond, createdAt };
}

/** The instances whose events a replay may be about. @throws ReplayRefusedError */
async function instancesOf(
  redis: Redis,
  { tenant, instances }: ReplaySpec,
  endpoint: EndpointRecord,
): Promise<string[]> {
  for (const [n, instance] of (instances ?? []).entries()) {
    const isId = /^[\w-]{1,64}$/.test(instance);
    if (!isId || !(await ownsInstance(redis, tenant, instance)))
      throw new ReplayRefusedError('INSTANCE_NOT_FOUND', isId ? instance : `body/instances/${n}`);
  }
  const all = instances ?? [...(await redis.zrange(tenantKeys.instances(tenant), '0', '-1')), tenant];
  return [...new Set(all)].filter((id) => endpoint.instances.length === 0 || endpoint.instances.includes(id));
}

/** Which logs are looked through up to where, and which of them do not reach back to the beginning. */
async function makePlan(redis: Redis, instances: readonly string[], from: number) {
  const plan: PlannedInstance[] = [];
  const truncated: Replay['truncated'] = [];
  const look = async (instance: string) => {
    const [relayed, oldest] = await Promise.all([
      redis.get(instanceKeys.relayed(instance)),
      redis.xrange(instanceKeys.events(instance), '-', '+', 'COUNT', 1),
    ]);
    const [id, [, stored]] = oldest[0] ?? ['', []];
    if (!relayed || stored === undefined) return;
    plan.push([instance, Number(relayed)]);
    const oldestSequence = Number(id.slice(2));
    const { occurredAt } = JSON.parse(stored) as NewEvent;
    if (oldestSequence > 1 && occurredAt > from && truncated.length < mostTruncated)
      truncated.push({ instance, oldestSequence, oldestAt: occurredAt });
  };
  for (let n = 0; n < instances.length; n += sideBySide)
    await Promise.all(instances.slice(n, n + sideBySide).map(look));
  return { plan: plan.sort(([a], [b]) => (a < b ? -1 : 1)), truncated };
}

const partsOf = (id: string) => /^([\w-]+)\.([\w-]+)$/.exec(id)?.slice(1) ?? [];

export type Replays = ReturnType<typeof createReplays>;

/**
 * A tenant's replays. Whatever is not the tenant's is not found: undefined.
 * @param addReplay asks for a replay to be carried on
 */
export function createReplays({ redis, addReplay }: { redis: Redis; addReplay: (job: ReplayJob) => Promise<void> }) {
  const readOwn = async (tenant: string, id: string): Promise<StoredReplay | undefined> => {
    const [endpoint, replay] = partsOf(id);
    if (endpoint === undefined || replay === undefined || !(await readEndpoint(redis, tenant, endpoint)))
      return undefined;
    return readReplay(redis, endpoint, replay);
  };

  /** Whoever began or carried on a replay may have died before asking for the next step. */
  const rouse = async (tenant: string, replay: StoredReplay) => {
    if (isUnderWay(replay)) await addReplay({ tenant, endpoint: replay.endpoint, replay: replay.id });
  };

  async function* replaysOf(endpoint: string, reading: Reading): AsyncGenerator<Placed<StoredReplay>> {
    for await (const places of newestFirst(redis, endpointKeys.replays(endpoint), beginning(reading), reading.batch)) {
      for (const place of places) {
        const record = await readReplay(redis, endpoint, place.member);
        if (record) yield { place, record };
      }
    }
  }

  return {
    /**
     * Begins to send events of the past again.
     * @returns undefined if the tenant has no such webhook
     * @throws ReplayRefusedError
     */
    async start(tenant: string, webhook: string, input: CreateReplay): Promise<Replay | undefined> {
      const endpoint = await readEndpoint(redis, tenant, webhook);
      if (!endpoint) return undefined;
      const spec = readSpec(tenant, webhook, input);
      const target = input.target === undefined ? endpoint : await readEndpoint(redis, tenant, input.target);
      if (!target) throw new ReplayRefusedError('WEBHOOK_NOT_FOUND', 'body/target');
      if (!target.enabled) throw new ReplayRefusedError('WEBHOOK_DISABLED', target.id);
      const { plan, truncated } = await makePlan(redis, await instancesOf(redis, spec, endpoint), spec.from);

      const id = newId('replay');
      const underWay = await beginScript(
        redis,
        [endpointKeys.replays(target.id), endpointKeys.replay(target.id, id)],
        [
          ...[id, spec.createdAt, endpointKeys.replay(target.id, ''), mostReplays],
          ...['spec', JSON.stringify(spec), 'plan', JSON.stringify(plan)],
          ...['truncated', JSON.stringify(truncated), 'position', '0:0'],
        ],
      );
      if (underWay !== '') {
        await addReplay({ tenant, endpoint: target.id, replay: String(underWay) });
        throw new ReplayRefusedError('REPLAY_RUNNING', `${target.id}.${underWay}`);
      }
      await addReplay({ tenant, endpoint: target.id, replay: id });
      const begun = await readReplay(redis, target.id, id);
      return begun && toReplay(begun);
    },

    async get(tenant: string, id: string): Promise<Replay | undefined> {
      const replay = await readOwn(tenant, id);
      if (!replay) return undefined;
      await rouse(tenant, replay);
      return toReplay(replay);
    },

    /** Replays to all endpoints of a tenant, or to one of them, the newest first. @throws BadCursorError */
    async list(
      tenant: string,
      { webhook, limit, cursor }: PageRequest & { webhook?: string | undefined },
    ): Promise<Page<Replay> | undefined> {
      const after = decodeCursor(cursor);
      const ids = (await readEndpoints(redis, tenant)).map(({ id }) => id);
      if (webhook !== undefined && !ids.includes(webhook)) return undefined;
      const sources = (webhook === undefined ? ids : [webhook]).map((endpoint) =>
        ofEndpoint(endpoint, after, { to: undefined, batch: 20 }, (reading) => replaysOf(endpoint, reading)),
      );
      const page = await readPlaced(mergeNewestFirst(sources), { limit, from: undefined }, () => true);
      return { ...page, items: page.items.map(toReplay) };
    },

    /** Stops a replay; what was sent is sent, and what is being sent may still arrive. One that has ended stays as it is. */
    async cancel(tenant: string, id: string): Promise<Replay | undefined> {
      const replay = await readOwn(tenant, id);
      if (!replay) return undefined;
      await endReplay(redis, replay, { state: 'cancelled' });
      const ended = await readReplay(redis, replay.endpoint, replay.id);
      return ended && toReplay(ended);
    },
  };
}
