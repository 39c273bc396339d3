import { instanceKeys, type LidMapping } from '@flotilla/contracts';
import type { Page, Redis } from '@flotilla/redis';
import { addressesOf } from './addresses.ts';
import { mappingFields, plainLid } from './lid-writer.ts';
import { lookThrough } from './look-through.ts';

type Source = LidMapping['source'];

/** What one source says of a LID, from its field. */
function readClaim(value: string | null | undefined, source: Source) {
  const [phone, at] = value?.split(' ') ?? [];
  return phone === undefined ? undefined : { phone, source, at: Number(at) };
}

/** Mappings of LIDs: what was observed beats what was added by hand, and shows it if it differs. */
async function readMappings(redis: Redis, instance: string, lids: readonly string[]): Promise<LidMapping[]> {
  if (lids.length === 0) return [];
  const { observed, manual } = mappingFields;
  const values = await redis.hmget(
    instanceKeys.lidMappings(instance),
    ...lids.flatMap((lid) => [observed.phoneOf(lid), manual.phoneOf(lid)]),
  );
  return lids.flatMap((lid, n): LidMapping[] => {
    const seen = readClaim(values[2 * n], 'observed');
    const added = readClaim(values[2 * n + 1], 'manual');
    const claim = seen ?? added;
    if (!claim) return [];
    return [{ lid, ...claim, ...(seen && added && added.phone !== seen.phone ? { other: added } : {}) }];
  });
}

/** A page of mappings, the one that became known last first. @throws BadCursorError */
export async function listLidMappings(
  redis: Redis,
  instance: string,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<Page<LidMapping>> {
  const key = instanceKeys.lids(instance);
  const { items, nextCursor } = await lookThrough(redis, key, { limit, cursor }, async (places) =>
    places.map((place) => ({ item: place.member, place })),
  );
  return { items: await readMappings(redis, instance, items), nextCursor };
}

/** The mapping of a LID, or of a phone number, given as JID; undefined if there is none. */
export async function readLidMapping(redis: Redis, instance: string, jid: string): Promise<LidMapping | undefined> {
  const lid = jid.endsWith('@lid') ? plainLid(jid) : (await addressesOf(redis, instance, [jid]))[0]?.lid;
  return lid === undefined ? undefined : (await readMappings(redis, instance, [lid]))[0];
}

/**
 * Notes which phone number a LID belongs to, as somebody says by the API. Needs no fence: it writes fields that the
 * instance's owner never writes, and adds to the list only what is not there.
 * @param phone digits only
 */
export async function addManualMapping(
  redis: Redis,
  instance: string,
  lid: string,
  phone: string,
): Promise<LidMapping> {
  const plain = plainLid(lid);
  const at = Date.now();
  const { phoneOf, lidOf } = mappingFields.manual;
  await redis
    .multi()
    .zadd(instanceKeys.lids(instance), 'NX', at, plain)
    .hset(instanceKeys.lidMappings(instance), phoneOf(plain), `${phone} ${at}`, lidOf(phone), plain)
    .exec();
  const [mapping] = await readMappings(redis, instance, [plain]);
  return mapping ?? { lid: plain, phone, source: 'manual', at };
}
