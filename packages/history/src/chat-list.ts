import { type Chat, instanceKeys } from '@flotilla/contracts';
import type { Page, Place, Redis } from '@flotilla/redis';
import { addressesOf, jidsOf } from './addresses.ts';
import { lookThrough } from './look-through.ts';
import { listMessages } from './message-list.ts';

export interface ChatFilter {
  archived?: boolean;
  /** Whether there is something unread in it. */
  unread?: boolean;
  /** A part of its name, phone number or JID. */
  search?: string;
}

/** A chat with its place in the list. */
interface Row {
  chat: Chat;
  place: Place;
  /** Every JID that it is known by. */
  jids: readonly string[];
}

const numberOf = (value: string | undefined) => (value === undefined ? undefined : Number(value));

/** A chat from its hash, and from the hash of the same chat under its other address, if that is older. */
function toChat(
  { member: jid, score }: Place,
  fields: Record<string, string>,
  other: Record<string, string>,
  count: number,
  addresses: { phone?: string; lid?: string },
  names: readonly (string | null)[],
): Chat {
  const all = { ...other, ...fields };
  const name = all.name ?? names.find((one) => one !== null && one !== '') ?? undefined;
  const pinnedAt = numberOf(all.pinnedAt);
  const mutedUntil = numberOf(all.mutedUntil);
  const ephemeralSeconds = numberOf(all.ephemeralSeconds);
  return {
    jid,
    ...(name === undefined ? {} : { name }),
    ...addresses,
    isGroup: jid.endsWith('@g.us'),
    // Marked as unread by hand: shown as such only if there is nothing to count.
    unread: count > 0 ? count : all.marked ? -1 : 0,
    archived: all.archived === '1',
    ...(pinnedAt === undefined ? {} : { pinnedAt }),
    ...(mutedUntil === undefined ? {} : { mutedUntil }),
    ...(ephemeralSeconds === undefined ? {} : { ephemeralSeconds }),
    ...(all.readOnly ? { readOnly: true } : {}),
    ...(score > 0 ? { lastMessageAt: score } : {}),
  };
}

/**
 * How much is unread in a chat with several addresses. Messages come under one of them, and may be read under another:
 * then only what came since counts.
 */
async function unreadOf(
  redis: Redis,
  instance: string,
  jids: readonly string[],
  all: readonly Record<string, string>[],
): Promise<number> {
  const counts = await Promise.all(
    jids.map(async (jid, n) => {
      const unread = Number(all[n]?.unread ?? 0);
      const readAt = Math.max(...all.map((fields, m) => (m === n ? 0 : Number(fields.readAt ?? 0))));
      if (unread === 0 || readAt === 0) return unread;
      const since = await redis.zcount(instanceKeys.historyOfChat(instance, jid), `(${readAt}`, '+inf');
      return Math.min(unread, since);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

const contactNames = ['name', 'verifiedName', 'pushName'] as const;

/**
 * Chats at their places. A person who is known by two addresses may have a chat under each: they are shown as one, at
 * the place of the later.
 */
async function readRows(redis: Redis, instance: string, places: readonly Place[]): Promise<Row[]> {
  const addresses = await addressesOf(
    redis,
    instance,
    places.map(({ member }) => member),
  );
  const rows = await Promise.all(
    places.map(async (place, n): Promise<Row | undefined> => {
      const own = addresses[n] ?? {};
      const jids = jidsOf(place.member, own);
      const others = jids.slice(1);
      const [fields, otherScores, otherFields, names] = await Promise.all([
        redis.hgetall(instanceKeys.chat(instance, place.member)),
        Promise.all(others.map((jid) => redis.zscore(instanceKeys.chats(instance), jid))),
        Promise.all(others.map((jid) => redis.hgetall(instanceKeys.chat(instance, jid)))),
        Promise.all(jids.map((jid) => redis.hmget(instanceKeys.contact(instance, jid), ...contactNames))),
      ]);
      const isShownElsewhere = others.some((jid, m) => {
        const score = otherScores[m];
        if (score === null || score === undefined) return false;
        return Number(score) > place.score || (Number(score) === place.score && jid > place.member);
      });
      if (isShownElsewhere) return undefined;
      const other: Record<string, string> = Object.assign({}, ...otherFields);
      const count = await unreadOf(redis, instance, jids, [fields, ...otherFields]);
      return { chat: toChat(place, fields, other, count, own, names.flat()), place, jids };
    }),
  );
  return rows.filter((row): row is Row => row !== undefined);
}

function isWanted({ chat }: Row, { archived, unread, search }: ChatFilter): boolean {
  if (archived !== undefined && (chat.archived ?? false) !== archived) return false;
  if (unread !== undefined && ((chat.unread ?? 0) !== 0) !== unread) return false;
  const sought = search?.toLowerCase();
  return (
    sought === undefined ||
    [chat.name, chat.phone, chat.jid, chat.lid].some((text) => text?.toLowerCase().includes(sought))
  );
}

/** Chats with the last message of each. One round trip for all. */
async function withLastMessage(redis: Redis, instance: string, rows: readonly Row[]): Promise<Chat[]> {
  return Promise.all(
    rows.map(async ({ chat, jids }) => {
      const [last] = (await listMessages(redis, instance, { chats: jids, limit: 1 })).items;
      // The place of the chat is up to a second behind the time of the message.
      return last ? { ...chat, lastMessageAt: last.timestamp, lastMessage: last } : chat;
    }),
  );
}

/**
 * A page of chats, the one with the latest message first. It may have fewer than asked for and yet a next one.
 * @throws BadCursorError
 */
export async function listChats(
  redis: Redis,
  instance: string,
  { limit, cursor, ...filter }: ChatFilter & { limit: number; cursor?: string },
): Promise<Page<Chat>> {
  const { items, nextCursor } = await lookThrough(
    redis,
    instanceKeys.chats(instance),
    { limit, cursor },
    async (places) => {
      const rows = await readRows(redis, instance, places);
      return rows.filter((row) => isWanted(row, filter)).map((row) => ({ item: row, place: row.place }));
    },
  );
  return { items: await withLastMessage(redis, instance, items), nextCursor };
}

/** One chat by any of its addresses, or undefined. */
export async function readChat(redis: Redis, instance: string, jid: string): Promise<Chat | undefined> {
  const [addresses = {}] = await addressesOf(redis, instance, [jid]);
  const places = await Promise.all(
    jidsOf(jid, addresses).map(async (member) => {
      const score = await redis.zscore(instanceKeys.chats(instance), member);
      return score === null ? [] : [{ member, score: Number(score) }];
    }),
  );
  const [row] = await readRows(redis, instance, places.flat());
  return row && (await withLastMessage(redis, instance, [row]))[0];
}
