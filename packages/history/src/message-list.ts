import { instanceKeys, type MessageKind, type MessageStatus, type StoredMessage } from '@flotilla/contracts';
import { readStatuses } from '@flotilla/instance';
import { decodeCursor, defineScript, encodeCursor, type Page, type Redis } from '@flotilla/redis';
import { fieldsOf, packId, parts, unpackId } from './message-id.ts';
import { kindCodes } from './record.ts';
import { statusLetter } from './statuses.ts';
import { type StoredParts, toStoredMessage } from './stored-message.ts';

const listScript = defineScript(new URL('./list.lua', import.meta.url), { buffers: true });

/** How many messages one script looks at, some milliseconds of Redis' time, and how many scripts make a page. */
const lookedAt = 2_000;
const scripts = 10;

/** No message is later (ms): six bytes hold its time. */
const latestTime = 2 ** 47;

/** Which messages of an instance. */
export interface MessageFilter {
  direction?: 'in' | 'out';
  /** One chat, by each address that it is known by; none for all chats. */
  chats?: readonly string[];
  /** Only those from before, or after, a time (Unix ms). */
  before?: number;
  after?: number;
  kind?: MessageKind;
  status?: MessageStatus;
}

interface Scan extends MessageFilter {
  limit: number;
  place?: { score: number; packedId: Buffer };
  idsOnly?: boolean;
}

interface Found {
  parts: StoredParts[];
  /** Where the next scan goes on; undefined at the end. */
  place: Scan['place'];
}

const text = (value: unknown) => (Buffer.isBuffer(value) ? value : undefined);

/** One script's worth of messages, the newest first. */
async function scan(redis: Redis, instance: string, query: Scan): Promise<Found> {
  const { limit, place, chats, direction, kind, status, before, after, idsOnly = false } = query;
  const indexes = chats
    ? chats.map((jid) => instanceKeys.historyOfChat(instance, jid))
    : [instanceKeys.historyTimes(instance)];
  const latest = (before ?? latestTime + 1) - 1;
  const earliest = (after ?? -1) + 1;
  const [score, member, ...rest] = (await listScript(
    redis,
    [instanceKeys.history(instance), ...indexes],
    [
      // A message stands behind its time, by less than a second.
      Math.min(place?.score ?? Number.POSITIVE_INFINITY, latest + 999),
      earliest,
      latest,
      earliest,
      place?.score ?? '',
      place?.packedId ?? '',
      limit,
      lookedAt,
      direction === undefined ? '' : direction === 'out' ? 1 : 0,
      kind === undefined ? '' : kindCodes[kind],
      status === undefined ? '' : statusLetter(status),
      idsOnly ? '1' : '',
    ],
  )) as (Buffer | null)[];
  const width = idsOnly ? 1 : 1 + Object.keys(parts).length;
  const found: StoredParts[] = [];
  for (let n = 0; n < rest.length; n += width) {
    const [packedId, message, statuses, edit, deleted, file, star] = rest.slice(n, n + width).map(text);
    if (packedId) found.push({ packedId, message: message ?? Buffer.alloc(0), statuses, edit, deleted, file, star });
  }
  const at = score?.toString() ?? '';
  return { parts: found, place: at !== '' && member ? { score: Number(at), packedId: member } : undefined };
}

/** Reactions, votes and journals of messages, all in one round trip. */
async function complete(redis: Redis, instance: string, found: readonly StoredParts[]): Promise<StoredMessage[]> {
  return Promise.all(
    found.map(async (one) => {
      const id = unpackId(one.packedId);
      const isOut = one.message[4] === 1;
      const [responses, journal] = await Promise.all([
        redis.hgetall(instanceKeys.historyResponses(instance, id)),
        isOut ? readStatuses(redis, instance, id) : undefined,
      ]);
      return toStoredMessage(one, responses, journal);
    }),
  );
}

/**
 * A page of messages, the newest first. Two round trips to Redis, unless a filter leaves out nearly all of what is
 * looked at; after ten scripts the page ends, so that it may have fewer messages than asked for and yet a next one.
 * @throws BadCursorError
 */
export async function listMessages(
  redis: Redis,
  instance: string,
  { limit, cursor, ...filter }: MessageFilter & { limit: number; cursor?: string },
): Promise<Page<StoredMessage>> {
  const from = decodeCursor(cursor);
  let place = from && { score: from.score, packedId: packId(from.member) };
  const found: StoredParts[] = [];
  for (let n = 0; n < scripts; n += 1) {
    const next = await scan(redis, instance, { ...filter, limit: limit - found.length, place });
    found.push(...next.parts);
    place = next.place;
    if (!place || found.length >= limit) break;
  }
  return {
    items: await complete(redis, instance, found),
    nextCursor: place && encodeCursor({ score: place.score, member: unpackId(place.packedId) }),
  };
}

/** Batches of ids of messages, the newest first. */
export async function* idsOf(
  redis: Redis,
  instance: string,
  filter: MessageFilter,
  batchSize: number,
): AsyncGenerator<Buffer[], void, void> {
  let place: Scan['place'];
  do {
    const next = await scan(redis, instance, { ...filter, limit: batchSize, place, idsOnly: true });
    yield next.parts.map(({ packedId }) => packedId);
    place = next.place;
  } while (place);
}

/** One message, or undefined. */
export async function readStoredMessage(
  redis: Redis,
  instance: string,
  id: string,
): Promise<StoredMessage | undefined> {
  const packedId = packId(id);
  const [message, statuses, edit, deleted, file, star] = await redis.hmgetBuffer(
    instanceKeys.history(instance),
    ...fieldsOf(packedId),
  );
  if (!message) return undefined;
  const [stored] = await complete(redis, instance, [{ packedId, message, statuses, edit, deleted, file, star }]);
  return stored;
}
