import { instanceKeys } from '@flotilla/contracts';
import type { RedisCommand } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import { type HistoryBounds, isOn, keptChats, keptContacts, keptLids, oldestKept } from './bounds.ts';
import { oldHours } from './counts.ts';
import { mappingFields } from './lid-writer.ts';
import { fieldOf, unpackId } from './message-id.ts';
import { removeCommands, type Target } from './message-writer.ts';
import { decodeView } from './record.ts';

/** How many messages, chats or contacts one script drops: some milliseconds of Redis' time. */
const batchSize = 200;

/** Where messages stand, so that they can be taken out. What has no record left stands in no chat that is known. */
export async function targetsOf(redis: Redis, instance: string, ids: readonly Buffer[]): Promise<Target[]> {
  if (ids.length === 0) return [];
  const records = await redis.hmgetBuffer(
    instanceKeys.history(instance),
    ...ids.map((packed) => fieldOf('message', packed)),
  );
  return ids.map((packed, n) => {
    const id = unpackId(packed);
    const record = records[n];
    return { id, chats: record ? [decodeView(id, record).chat] : [] };
  });
}

/** The oldest messages beyond the bounds, a batch at most. */
async function oldest(redis: Redis, instance: string, bounds: HistoryBounds): Promise<Buffer[]> {
  const times = instanceKeys.historyTimes(instance);
  const tooOld = isOn(bounds) ? `(${oldestKept(bounds, Date.now())}` : '+inf';
  const aged = await redis.zrangebyscoreBuffer(times, '-inf', tooOld, 'LIMIT', 0, batchSize);
  if (aged.length > 0) return aged;
  const tooMany = (await redis.zcard(times)) - bounds.messages;
  return tooMany > 0 ? redis.zrangeBuffer(times, '0', String(Math.min(tooMany, batchSize) - 1)) : [];
}

/** Batches that drop what is beyond the bounds; each is to be written before the next is asked for. */
export async function* surplus(
  redis: Redis,
  instance: string,
  bounds: HistoryBounds,
): AsyncGenerator<RedisCommand[], void, void> {
  while (true) {
    const ids = await oldest(redis, instance, bounds);
    if (ids.length === 0) break;
    yield removeCommands(instance, await targetsOf(redis, instance, ids));
  }
  yield* surplusPeople(redis, instanceKeys.chats(instance), (jid) => instanceKeys.chat(instance, jid), keptChats);
  yield* surplusPeople(
    redis,
    instanceKeys.contacts(instance),
    (jid) => instanceKeys.contact(instance, jid),
    keptContacts,
  );
  yield* surplusLids(redis, instance, keptLids);
  const hours = await oldHours(redis, instance, Date.now());
  if (hours.length > 0) yield hours;
}

/** Batches that drop the lowest of a sorted set of JIDs, and the hash of each, until so many are left. */
export async function* surplusPeople(
  redis: Redis,
  index: string,
  keyOf: (jid: string) => string,
  kept: number,
): AsyncGenerator<RedisCommand[], void, void> {
  while (true) {
    const tooMany = (await redis.zcard(index)) - kept;
    if (tooMany <= 0) return;
    const jids = await redis.zrange(index, '0', String(Math.min(tooMany, batchSize) - 1));
    yield [
      ...jids.map((jid) => ({ command: 'del', key: keyOf(jid), args: [] })),
      { command: 'zrem', key: index, args: jids },
    ];
  }
}

/** Batches that drop the LIDs that became known first, with what each source says of them, until so many are left. */
export async function* surplusLids(
  redis: Redis,
  instance: string,
  kept: number,
): AsyncGenerator<RedisCommand[], void, void> {
  const index = instanceKeys.lids(instance);
  const mappings = instanceKeys.lidMappings(instance);
  const sources = Object.values(mappingFields);
  while (true) {
    const tooMany = (await redis.zcard(index)) - kept;
    if (tooMany <= 0) return;
    const lids = await redis.zrange(index, '0', String(Math.min(tooMany, batchSize) - 1));
    const claims = lids.flatMap((lid) => sources.map((fields) => ({ lid, fields })));
    const said = await redis.hmget(mappings, ...claims.map(({ lid, fields }) => fields.phoneOf(lid)));
    const phones = said.map((claim) => claim?.split(' ')[0]);
    const back = claims.flatMap(({ fields }, n) => {
      const phone = phones[n];
      return phone === undefined ? [] : [fields.lidOf(phone)];
    });
    // A number may have got another LID since: what leads there from the number stays.
    const leadsTo = back.length === 0 ? [] : await redis.hmget(mappings, ...back);
    const gone = new Set(lids);
    const fields = [
      ...claims.map(({ lid, fields }) => fields.phoneOf(lid)),
      ...back.filter((_, n) => gone.has(leadsTo[n] ?? '')),
    ];
    yield [
      { command: 'hdel', key: mappings, args: fields },
      { command: 'zrem', key: index, args: lids },
    ];
  }
}
