import { instanceKeys, type MediaDescriptor, receivedMediaId } from '@flotilla/contracts';
import type { RedisCommand } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import type { IncomingFile } from '../events/file.ts';

/** A file that has to be fetched, with everything that it takes: the history may be switched off. */
export interface PendingFile {
  /** The message's id. */
  id: string;
  chat: string;
  /** The chat by each address that it is known by. */
  chats: readonly string[];
  /** JID of whoever wrote the message. */
  sender: string;
  fromMe: boolean;
  file: IncomingFile;
  /** What the message's event says of it. */
  about: MediaDescriptor;
  /** Tries that have failed. */
  tries?: number;
  /** WhatsApp has it no longer: the phone has been asked to upload it once more. */
  asked?: boolean;
}

const byteFields = ['mediaKey', 'fileSha256', 'fileEncSha256'] as const;

function encode(pending: PendingFile): string {
  const bytes = Object.fromEntries(
    byteFields.map((field) => {
      const value = pending.file[field];
      return [field, value && Buffer.from(value).toString('base64')];
    }),
  );
  return JSON.stringify({ ...pending, file: { ...pending.file, ...bytes } });
}

function decode(text: string): PendingFile {
  const pending: PendingFile = JSON.parse(text);
  for (const field of byteFields) {
    const value: unknown = pending.file[field];
    if (typeof value === 'string') pending.file[field] = Buffer.from(value, 'base64');
  }
  return pending;
}

/** The id that the file has once it is stored, and by which it is listed until then. */
export const fileIdOf = (instance: string, { chat, id }: Pick<PendingFile, 'chat' | 'id'>) =>
  receivedMediaId(instance, chat, id);

/** Puts a file on the list, or changes what the list says of it. @param dueAt Unix ms of the next try */
export function expectFile(instance: string, pending: PendingFile, dueAt: number): RedisCommand[] {
  const fileId = fileIdOf(instance, pending);
  return [
    { command: 'hset', key: instanceKeys.pendingFiles(instance), args: [fileId, encode(pending)] },
    { command: 'zadd', key: instanceKeys.pendingFilesDue(instance), args: [Math.trunc(dueAt), fileId] },
  ];
}

/** Takes a file off the list. */
export const forgetFile = (instance: string, fileId: string): RedisCommand[] => [
  { command: 'zrem', key: instanceKeys.pendingFilesDue(instance), args: [fileId] },
  { command: 'hdel', key: instanceKeys.pendingFiles(instance), args: [fileId] },
];

/** The next files of the list, the most urgent first, with the time of their next try (Unix ms). */
export async function nextFiles(redis: Redis, instance: string, count: number) {
  const rows = await redis.zrange(instanceKeys.pendingFilesDue(instance), '0', String(count - 1), 'WITHSCORES');
  const found: { fileId: string; dueAt: number }[] = [];
  for (let at = 0; at < rows.length; at += 2) found.push({ fileId: rows[at] ?? '', dueAt: Number(rows[at + 1]) });
  return found;
}

/** What the list says of a file, or undefined. */
export async function readPending(redis: Redis, instance: string, fileId: string): Promise<PendingFile | undefined> {
  const text = await redis.hget(instanceKeys.pendingFiles(instance), fileId);
  return text ? decode(text) : undefined;
}
