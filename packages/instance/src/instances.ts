import {
  type ConnectionStateName,
  fleetKeys,
  type InstanceRecord,
  type InstanceSettings,
  instanceKeys,
  newId,
  tenantKeys,
} from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import { AliasTakenError, dropAlias, findAlias, takeAlias } from './aliases.ts';

/** An instance as it is stored, with who owns it. */
export interface StoredInstance extends InstanceRecord {
  id: string;
  /** The worker incarnation that holds it; empty while nobody does. */
  owner: string;
  /** Fencing token of the latest claim; 0 before the first. */
  epoch: number;
}

/** What a tenant says of a new instance. */
export interface InstanceToCreate {
  tenant: string;
  name: string;
  alias?: string;
  metadata?: Record<string, string>;
  settings?: InstanceSettings;
}

/** What a tenant changes of an instance; `null` takes something away. */
export interface InstanceChange {
  name?: string;
  alias?: string | null;
  metadata?: Record<string, string> | null;
  settings?: InstanceSettings;
}

/** Fields of the record as Redis holds them, from what is given. */
export function recordFields(record: Partial<InstanceRecord>): string[] {
  const fields: string[] = [];
  for (const [field, value] of Object.entries(record)) {
    if (value === undefined) continue;
    fields.push(field, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return fields;
}

function parseRecord(fields: Record<string, string>): InstanceRecord | undefined {
  const { tenant, name, alias, metadata, createdAt, settings, desired, removedAt, paired, status, device } = fields;
  const { qr, pairingCode } = fields;
  if (!tenant) return undefined;
  return {
    tenant,
    name: name ?? '',
    alias,
    metadata: metadata ? JSON.parse(metadata) : undefined,
    createdAt: Number(createdAt),
    settings: settings ? JSON.parse(settings) : {},
    desired: desired === 'connected' ? 'connected' : 'stopped',
    removedAt: removedAt ? Number(removedAt) : undefined,
    paired: paired === 'true',
    status: status ? JSON.parse(status) : { state: 'new' satisfies ConnectionStateName, since: Number(createdAt) },
    device: device || undefined,
    qr: qr ? JSON.parse(qr) : undefined,
    pairingCode: pairingCode ? JSON.parse(pairingCode) : undefined,
  };
}

export type Instances = ReturnType<typeof createInstances>;

/** Reads and writes the tenant's side of instance records. What the lease holder writes goes through its fence. */
export function createInstances(redis: Redis) {
  /** Also finds instances that the tenant has deleted and a worker has not yet cleaned up. */
  const read = async (id: string): Promise<StoredInstance | undefined> => {
    const [record, ownership] = await Promise.all([
      redis.hgetall(instanceKeys.record(id)),
      redis.hmget(instanceKeys.ownership(id), 'owner', 'epoch'),
    ]);
    const parsed = parseRecord(record);
    return parsed && { ...parsed, id, owner: ownership[0] ?? '', epoch: Number(ownership[1] ?? 0) };
  };

  const get = async (id: string) => {
    const instance = await read(id);
    return instance?.removedAt === undefined ? instance : undefined;
  };

  /** Whether what leads from an alias to an instance was left behind. */
  const isLeft = (alias: string) => async (id: string) => (await get(id))?.alias !== alias;

  /** Gives an instance another alias. */
  const rename = async ({ id, tenant, alias: before }: StoredInstance, alias: string) => {
    const holder = await findAlias(redis, tenant, alias);
    if (holder !== undefined && holder !== id && !(await isLeft(alias)(holder))) throw new AliasTakenError(alias);
    const key = instanceKeys.record(id);
    await redis.hset(key, 'alias', alias);
    try {
      await takeAlias(redis, { tenant, alias, instance: id }, isLeft(alias));
    } catch (error) {
      // Somebody was faster.
      if (error instanceof AliasTakenError)
        await (before ? redis.hset(key, 'alias', before) : redis.hdel(key, 'alias'));
      throw error;
    }
    if (before !== undefined) await dropAlias(redis, { tenant, alias: before, instance: id });
  };

  /** Takes the alias of an instance away. */
  const unname = async ({ id, tenant, alias }: StoredInstance) => {
    if (alias === undefined) return;
    await redis.hdel(instanceKeys.record(id), 'alias');
    await dropAlias(redis, { tenant, alias, instance: id });
  };

  return {
    read,
    /** The instance, or undefined if there is none or the tenant has deleted it. */
    get,

    /** The instance of a tenant that has this id or alias. */
    async find(tenant: string, idOrAlias: string): Promise<StoredInstance | undefined> {
      const isId = idOrAlias.startsWith('ins_');
      const id = isId ? idOrAlias : await findAlias(redis, tenant, idOrAlias);
      const instance = id === undefined ? undefined : await get(id);
      return instance?.tenant === tenant ? instance : undefined;
    },

    /** Creates an instance; it connects only when asked to. @throws AliasTakenError */
    async create({ tenant, name, alias, metadata, settings = {} }: InstanceToCreate): Promise<StoredInstance> {
      const id = newId('instance');
      const createdAt = Date.now();
      const record: InstanceRecord = {
        tenant,
        name,
        alias,
        metadata,
        createdAt,
        settings,
        desired: 'stopped',
        paired: false,
        status: { state: 'new', since: createdAt },
      };
      // The record first: an index entry without a record would be a dead link, a record without one is only unseen.
      await redis.hset(instanceKeys.record(id), ...recordFields(record));
      try {
        if (alias !== undefined) await takeAlias(redis, { tenant, alias, instance: id }, isLeft(alias));
      } catch (error) {
        if (error instanceof AliasTakenError) await redis.del(instanceKeys.record(id));
        throw error;
      }
      await redis.zadd(tenantKeys.instances(tenant), createdAt, id);
      await redis.zadd(fleetKeys.instances, createdAt, id);
      return { ...record, id, owner: '', epoch: 0 };
    },

    /**
     * A page of the tenant's instances, oldest first.
     * @param cursor `nextCursor` of the page before
     */
    async list(tenant: string, { limit, cursor }: { limit: number; cursor?: { score: number; member: string } }) {
      const key = tenantKeys.instances(tenant);
      const rows = await redis.zrange(
        key,
        cursor?.score ?? 0,
        '+inf',
        'BYSCORE',
        'LIMIT',
        0,
        limit + 1 + samePage,
        'WITHSCORES',
      );
      const entries: { score: number; member: string }[] = [];
      for (let n = 0; n + 1 < rows.length; n += 2) entries.push({ member: rows[n] ?? '', score: Number(rows[n + 1]) });
      const after = entries.filter(({ score, member }) => !cursor || score > cursor.score || member > cursor.member);
      const page = after.slice(0, limit);
      const found = await Promise.all(page.map(({ member }) => get(member)));
      return {
        items: found.filter((instance): instance is StoredInstance => instance?.tenant === tenant),
        next: after.length > limit ? page.at(-1) : undefined,
      };
    },

    /** Changes what the tenant may change. @throws AliasTakenError: nothing was changed */
    async update(instance: StoredInstance, { alias, metadata, ...change }: InstanceChange) {
      const key = instanceKeys.record(instance.id);
      if (alias === null) await unname(instance);
      else if (alias !== undefined && alias !== instance.alias) await rename(instance, alias);
      if (metadata === null) await redis.hdel(key, 'metadata');
      const fields = recordFields({ ...change, metadata: metadata ?? undefined });
      if (fields.length > 0) await redis.hset(key, ...fields);
    },

    /** Says whether the tenant wants the instance connected. Workers act on it when they are roused. */
    async setDesired(id: string, desired: InstanceRecord['desired']) {
      await redis.hset(instanceKeys.record(id), 'desired', desired);
    },

    /** Hides the instance from its tenant at once; a worker ends its connection and wipes the rest. */
    async markRemoved({ tenant, id, alias }: StoredInstance) {
      await redis.hset(instanceKeys.record(id), 'desired', 'stopped', 'removedAt', Date.now());
      await redis.zrem(tenantKeys.instances(tenant), id);
      if (alias !== undefined) await dropAlias(redis, { tenant, alias, instance: id });
    },
  };
}

/** How many instances may have been created in the same millisecond without a page losing one. */
const samePage = 50;
