import {
  type EventMessage,
  instanceKeys,
  type MessageKind,
  type MessageStatus,
  messageKinds,
  messageStatuses,
} from '@flotilla/contracts';
import type { RedisCommand } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import { currentStatus, type Statuses } from './statuses.ts';

const hourMs = 3_600_000;
/** The hour of a time and the 23 before it are its last 24 hours. */
const hoursKept = 24;
const hourOf = (time: number) => Math.floor(time / hourMs);

const directionOf = (fromMe: boolean) => (fromMe ? 'out' : 'in');

/** What a message that has just come or gone adds to the counts. @param now Unix ms */
export function countOfMessage(instance: string, message: EventMessage, now: number): RedisCommand[] {
  const key = instanceKeys.counts(instance);
  const { fromMe, kind, timestamp } = message;
  const direction = directionOf(fromMe);
  const hour = hourOf(timestamp);
  const isRecent = hour > hourOf(now) - hoursKept && hour <= hourOf(now) + 1;
  return [
    { command: 'hincrby', key, args: [`${direction}:${kind}`, 1] },
    { command: 'hset', key, args: [`last:${direction}`, Math.trunc(timestamp)] },
    ...(isRecent ? [{ command: 'hincrby', key, args: [`hour:${hour}:${direction}`, 1] }] : []),
  ];
}

/** What reaching a status adds to the counts. */
export function countOfStatus(instance: string, statuses: Statuses): RedisCommand[] {
  const status = currentStatus(statuses);
  return status ? [{ command: 'hincrby', key: instanceKeys.counts(instance), args: [`status:${status}`, 1] }] : [];
}

/** What came and went at an instance since it was created. */
export interface Counts {
  /** Messages by kind. */
  in: Partial<Record<MessageKind, number>>;
  out: Partial<Record<MessageKind, number>>;
  /** How many sent messages have reached each status. */
  statuses: Partial<Record<MessageStatus, number>>;
  /** The 24 hours up to the present one, oldest first. @see `hourlyCounts` */
  hours: { at: number; in: number; out: number }[];
  /** When the newest message came and went (Unix ms). */
  lastIn?: number | undefined;
  lastOut?: number | undefined;
}

/** The counts from the fields of the hash. @param now Unix ms */
function decodeCounts(fields: Record<string, string>, now: number): Counts {
  const numberOf = (field: string) => Number(fields[field] ?? 0);
  const table = <Name extends string>(names: readonly Name[], prefix: string) =>
    Object.fromEntries(
      names.flatMap((name) => (numberOf(`${prefix}:${name}`) > 0 ? [[name, numberOf(`${prefix}:${name}`)]] : [])),
    ) as Partial<Record<Name, number>>;
  const kinds = Object.keys(messageKinds) as MessageKind[];
  const latest = hourOf(now);
  return {
    in: table(kinds, 'in'),
    out: table(kinds, 'out'),
    statuses: table(Object.keys(messageStatuses) as MessageStatus[], 'status'),
    hours: Array.from({ length: hoursKept }, (_, n) => {
      const hour = latest - hoursKept + 1 + n;
      return { at: hour * hourMs, in: numberOf(`hour:${hour}:in`), out: numberOf(`hour:${hour}:out`) };
    }),
    ...(fields['last:in'] ? { lastIn: numberOf('last:in') } : {}),
    ...(fields['last:out'] ? { lastOut: numberOf('last:out') } : {}),
  };
}

/** The counts of several instances, in their order. One round trip. @param now Unix ms */
export async function readCounts(redis: Redis, instances: readonly string[], now: number): Promise<Counts[]> {
  const all = await Promise.all(instances.map((instance) => redis.hgetall(instanceKeys.counts(instance))));
  return all.map((fields) => decodeCounts(fields, now));
}

/** Counts of several instances together. @param now Unix ms */
export function sumCounts(all: readonly Counts[], now: number): Counts {
  const sum = decodeCounts({}, now);
  const add = <Name extends string>(to: Partial<Record<Name, number>>, from: Partial<Record<Name, number>>) => {
    for (const [name, count] of Object.entries(from) as [Name, number][]) to[name] = (to[name] ?? 0) + count;
  };
  const later = (a: number | undefined, b: number | undefined) => (b === undefined || (a ?? 0) > b ? a : b);
  for (const counts of all) {
    add(sum.in, counts.in);
    add(sum.out, counts.out);
    add(sum.statuses, counts.statuses);
    for (const [n, hour] of sum.hours.entries()) {
      hour.in += counts.hours[n]?.in ?? 0;
      hour.out += counts.hours[n]?.out ?? 0;
    }
    sum.lastIn = later(sum.lastIn, counts.lastIn);
    sum.lastOut = later(sum.lastOut, counts.lastOut);
  }
  return sum;
}

/** How much the history of an instance holds. One round trip. */
export async function readStored(redis: Redis, instance: string) {
  const [messages, chats, contacts] = await Promise.all([
    redis.zcard(instanceKeys.historyTimes(instance)),
    redis.zcard(instanceKeys.chats(instance)),
    redis.zcard(instanceKeys.contacts(instance)),
  ]);
  return { messages, chats, contacts };
}

/** Drops the hours that nobody asks for any more. @param now Unix ms */
export async function oldHours(redis: Redis, instance: string, now: number): Promise<RedisCommand[]> {
  const key = instanceKeys.counts(instance);
  const old = (await redis.hkeys(key)).filter((field) => {
    const hour = /^hour:(\d+):/.exec(field)?.[1];
    return hour !== undefined && Number(hour) <= hourOf(now) - hoursKept;
  });
  return old.length > 0 ? [{ command: 'hdel', key, args: old }] : [];
}
