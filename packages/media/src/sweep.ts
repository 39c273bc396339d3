import { randomUUID } from 'node:crypto';
import { fleetKeys } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';
import type { ObjectInfo, ObjectStore } from './object-store.ts';
import type { MediaRecord } from './record.ts';
import { tenantFolder } from './record.ts';
import { createUsage } from './usage.ts';

export interface SweepOptions {
  store: ObjectStore;
  redis: Redis;
  /** As the limits say (ms). 0: nothing expires. */
  retentionMs: number;
  /**
   * How long an expired file stays (ms): nobody finds it any more, but it may be stored anew at that very moment.
   * Default an hour.
   */
  graceMs?: number;
  /** How long one call may work (ms). Default 10,000. */
  budgetMs?: number;
  /** Between the ends of two rounds over everything (ms). Default an hour. */
  roundMs?: number;
  /** How many objects are listed at a time. Default 500. */
  pageSize?: number;
  signal?: AbortSignal;
  /** Unix ms. Default: now. */
  now?: () => number;
}

export interface SweepResult {
  /** Files and leftovers that were removed. */
  removed: number;
  /** `busy`: somebody else sweeps. `resting`: the next round is not due. `paused`: to be continued. `done`: all seen. */
  state: 'busy' | 'resting' | 'paused' | 'done';
}

/** How far the round has come, as Redis keeps it between two calls. */
interface Progress {
  /** The last key that has been dealt with. */
  cursor: string;
  /** Whose files are being counted. */
  tenant: string;
  /** Counted so far (bytes). */
  counted: number;
  /** What the tenant's counter said when counting began. */
  believed: number;
  /** When that was (Unix ms). */
  since: number;
  /** When the round began (Unix ms). */
  begunAt: number;
}

const defaultGraceMs = 3_600_000;
/** Longer than one call may take. */
const sweeperMs = 60_000;
/** An upload takes less. What is older and belongs to no file was left by a process that died. */
const leftoverMs = 86_400_000;

const leave = defineScript(new URL('./leave.lua', import.meta.url));

/** The id in a key such as `ten_…/7k/med_….json`; undefined for content that never became a file. */
const idOf = (key: string) => /\/(med_[0-9a-z]{20})\.(?:json|d[\w-]+)$/.exec(key)?.[1];
const tenantOf = (key: string) => key.slice(0, key.indexOf('/'));

/**
 * Goes on with the round over all stored objects, for as long as it may: removes files that have expired, files of
 * tenants that were deleted, and what processes that died have left behind; counts what each tenant's files take and
 * puts its counter right. Any number of gateways may call it: one works at a time, and the next goes on where it
 * stopped.
 */
export async function sweep(options: SweepOptions): Promise<SweepResult> {
  const { redis, now = Date.now } = options;
  const token = randomUUID();
  if ((await redis.set(fleetKeys.mediaSweeper, token, 'PX', sweeperMs, 'NX')) !== 'OK')
    return { removed: 0, state: 'busy' };
  try {
    return await new Round({ ...options, now }).run();
  } finally {
    await leave(redis, [fleetKeys.mediaSweeper], [token]).catch(() => {});
  }
}

class Round {
  readonly #options: SweepOptions & { now: () => number };
  readonly #usage: ReturnType<typeof createUsage>;
  readonly #deadline: number;
  #removed = 0;

  constructor(options: SweepOptions & { now: () => number }) {
    this.#options = options;
    this.#usage = createUsage(options.redis);
    this.#deadline = performance.now() + (options.budgetMs ?? 10_000);
  }

  async run(): Promise<SweepResult> {
    if (!(await this.#removeDeletedTenants())) return this.#result('paused');
    const progress = await this.#load();
    if (!progress) return this.#result('resting');
    const { store, pageSize = 500 } = this.#options;
    for (;;) {
      const page = await store.list({ after: progress.cursor, limit: pageSize });
      const isLast = page.length < pageSize;
      for (const group of groupsOf(page, isLast)) {
        if (this.#isOver()) return this.#pause(progress);
        await this.#visit(group, progress);
      }
      if (isLast) break;
    }
    await this.#endTenant(progress);
    await this.#finish(progress);
    return this.#result('done');
  }

  #isOver = () => performance.now() > this.#deadline || this.#options.signal?.aborted === true;
  #result = (state: SweepResult['state']): SweepResult => ({ removed: this.#removed, state });

  /** Removes what belongs to tenants that are gone. @returns whether nothing of them is left */
  async #removeDeletedTenants(): Promise<boolean> {
    const { store, redis } = this.#options;
    for (const tenant of await redis.srandmember(fleetKeys.mediaRemovals, 10)) {
      for (;;) {
        const page = await store.list({ prefix: tenantFolder(tenant), limit: 100 });
        for (const { key } of page) {
          if (this.#isOver()) return false;
          await store.remove(key);
          this.#removed += 1;
        }
        if (page.length < 100) break;
      }
      await this.#usage.forget(tenant);
      await redis.srem(fleetKeys.mediaRemovals, tenant);
    }
    return true;
  }

  async #load(): Promise<Progress | undefined> {
    const { redis, now } = this.#options;
    const {
      cursor = '',
      tenant = '',
      counted,
      believed,
      since,
      begunAt,
      restsUntil,
    } = await redis.hgetall(fleetKeys.mediaSweep);
    if (Number(restsUntil ?? 0) > now()) return undefined;
    return {
      cursor,
      tenant,
      counted: Number(counted ?? 0),
      believed: Number(believed ?? 0),
      since: Number(since ?? 0),
      begunAt: Number(begunAt ?? 0) || now(),
    };
  }

  async #pause(progress: Progress): Promise<SweepResult> {
    await this.#options.redis.hset(fleetKeys.mediaSweep, { ...progress, restsUntil: 0 });
    return this.#result('paused');
  }

  async #finish({ begunAt }: Progress): Promise<void> {
    const { store, redis, now, roundMs = 3_600_000 } = this.#options;
    // Counters of tenants of whom nothing was seen.
    for (const { tenant, believed } of await this.#usage.uncounted(begunAt)) {
      const isEmpty = (await store.list({ prefix: tenantFolder(tenant), limit: 1 })).length === 0;
      if (isEmpty) await this.#usage.recount(tenant, 0, believed, now());
    }
    await store.removeUnfinished(now() - leftoverMs);
    await redis.del(fleetKeys.mediaSweep);
    await redis.hset(fleetKeys.mediaSweep, { restsUntil: now() + roundMs });
  }

  async #endTenant({ tenant, counted, believed, since }: Progress): Promise<void> {
    if (tenant !== '') await this.#usage.recount(tenant, counted, believed, since);
  }

  /** Deals with all objects of one file. */
  async #visit(group: readonly ObjectInfo[], progress: Progress): Promise<void> {
    const { now } = this.#options;
    const last = group.at(-1);
    if (!last) return;
    const tenant = tenantOf(last.key);
    if (tenant !== progress.tenant) {
      await this.#endTenant(progress);
      Object.assign(progress, { tenant, counted: 0, believed: await this.#usage.of(tenant), since: now() });
    }
    const left = await this.#tidy(group);
    // What came after counting began is in the difference that is added at the end.
    for (const { key, size, modifiedAt } of left)
      if (!key.endsWith('.json') && modifiedAt < progress.since) progress.counted += size;
    progress.cursor = last.key;
  }

  /** Removes what is not needed any more of a file's objects. @returns what is left of a file that stays */
  async #tidy(group: readonly ObjectInfo[]): Promise<readonly ObjectInfo[]> {
    const { now, retentionMs, graceMs = defaultGraceMs } = this.#options;
    const record = group.find(({ key }) => key.endsWith('.json'));
    const contents = group.filter((object) => object !== record);
    const mayHaveExpired = record && retentionMs > 0 && record.modifiedAt + retentionMs <= now();
    const isOld = ({ modifiedAt }: ObjectInfo) => modifiedAt + leftoverMs < now();
    const isOdd = (!record || contents.length !== 1) && contents.some(isOld);
    if (!mayHaveExpired && !isOdd) return record ? contents : [];

    const known = record && (await this.#read(record.key));
    const hasExpired = known?.expiresAt !== undefined && known.expiresAt + graceMs <= now();
    if (record && hasExpired) await this.#remove(record);
    const isNeeded = (content: ObjectInfo) => !hasExpired && known?.data === content.key;
    for (const content of contents)
      if (!isNeeded(content) && (hasExpired || isOld(content))) await this.#remove(content);
    return contents.filter(isNeeded);
  }

  async #remove({ key }: ObjectInfo): Promise<void> {
    await this.#options.store.remove(key);
    this.#removed += 1;
  }

  async #read(key: string): Promise<MediaRecord | undefined> {
    const stream = await this.#options.store.get(key);
    if (!stream) return undefined;
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const record: MediaRecord = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return record;
  }
}

/** Objects of a page by file. The last file is left for the next page if it may go on there. */
function groupsOf(page: readonly ObjectInfo[], isLast: boolean): ObjectInfo[][] {
  const groups: ObjectInfo[][] = [];
  let current: string | undefined;
  for (const object of page) {
    const id = idOf(object.key);
    const group = groups.at(-1);
    if (group && id !== undefined && id === current) group.push(object);
    else groups.push([object]);
    current = id;
  }
  return isLast || groups.length < 2 ? groups : groups.slice(0, -1);
}
