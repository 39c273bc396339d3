import { type EventMessage, instanceKeys, type MediaDescriptor, type Reaction } from '@flotilla/contracts';
import type { RedisCommand } from '@flotilla/lease';
import { countOfMessage, countOfStatus } from './counts.ts';
import { observeLid } from './lid-writer.ts';
import { fieldOf, fieldsOf, longestId, type Part, packId } from './message-id.ts';
import { chatTag, encodeRecord, headStart } from './record.ts';
import { encodeResponse, responseField, type Vote } from './responses.ts';
import { encodeStatuses, type Statuses } from './statuses.ts';

/** A message for the history, with what has become of it so far. */
export interface MessageToAppend {
  message: EventMessage;
  /** Bytes of its `proto.Message`: for quoting, forwarding, votes and files. */
  content?: Uint8Array;
  /** Of a sent message. */
  statuses?: Statuses;
  starred?: boolean;
  reactions?: readonly Reaction[];
  votes?: readonly Vote[];
  /**
   * Whether it has just come or gone. What the phone tells of earlier times (`false`) raises no unread count and is not
   * counted as traffic. @default true
   */
  live?: boolean;
}

/** Which message something happened to. */
export interface Target {
  id: string;
  /**
   * The chat, by each address that it may be known by: what somebody says about a message of another chat is ignored.
   */
  chats: readonly string[];
}

/** Commands that are done only if the message is in the history, and in this chat. */
function ifKept(instance: string, { id, chats }: Target, commands: readonly RedisCommand[]): RedisCommand[] {
  const key = instanceKeys.history(instance);
  if (chats.length === 0 || commands.length === 0) return [];
  return [
    { command: 'hstarts', key, args: [fieldOf('message', packId(id)), ...chats.map(chatTag)] },
    { command: 'when', key, args: [commands.length] },
    ...commands,
  ];
}

/** Sets one part of a message, if it is in the history. */
const setPart = (instance: string, target: Target, part: Part, value: string | Buffer | number) =>
  ifKept(instance, target, [
    { command: 'hset', key: instanceKeys.history(instance), args: [fieldOf(part, packId(target.id)), value] },
  ]);

/**
 * The commands that add a message; without effect if it is there.
 * @param place where it stands in the list, see `createPlaces`
 * @param now Unix ms
 */
export function appendCommands(instance: string, entry: MessageToAppend, place: number, now: number): RedisCommand[] {
  const { message, content, statuses, starred, reactions = [], votes = [], live = true } = entry;
  const { id, chat, fromMe, kind, sender } = message;
  if (id === '' || chat === '' || id.length > longestId) return [];
  const key = instanceKeys.history(instance);
  const packed = packId(id);
  const field = fieldOf('message', packed);
  const record = encodeRecord(message, content);
  const responses = instanceKeys.historyResponses(instance, id);
  const counts = live ? countOfMessage(instance, message, now) : [];
  const unread = live && !fromMe && chat !== 'status@broadcast';
  const added: RedisCommand[] = [
    { command: 'zadd', key: instanceKeys.historyTimes(instance), args: [place, packed] },
    { command: 'zadd', key: instanceKeys.historyOfChat(instance, chat), args: [place, packed] },
    { command: 'zadd', key: instanceKeys.chats(instance), args: ['GT', place, chat] },
    ...(unread ? [{ command: 'hincrby', key: instanceKeys.chat(instance, chat), args: ['unread', 1] }] : []),
    ...(statuses ? [{ command: 'hset', key, args: [fieldOf('statuses', packed), encodeStatuses(statuses)] }] : []),
    ...(starred ? [{ command: 'hset', key, args: [fieldOf('star', packed), 1] }] : []),
    ...[...reactions, ...votes].map((response) => ({
      command: 'hset',
      key: responses,
      args: [responseField(response), encodeResponse(response)],
    })),
    ...counts,
  ];
  // What could not be decrypted gives way to what its sender sends again under the same id.
  const instead: RedisCommand[] =
    kind === 'unreadable'
      ? []
      : [
          { command: 'hstarts', key, args: [field, headStart(chat, fromMe, 'unreadable')] },
          { command: 'when', key, args: [1] },
          { command: 'hset', key, args: [field, record] },
        ];
  return [
    ...instead,
    { command: 'hsetnx', key, args: [field, record] },
    { command: 'when', key, args: [added.length] },
    ...added,
    ...(live && sender.lid && sender.phone ? observeLid(instance, sender.lid, sender.phone, now) : []),
  ];
}

/** Replaces the stored statuses of a sent message, and counts the step. */
export const setStatusesCommands = (instance: string, target: Target, statuses: Statuses) =>
  ifKept(instance, target, [
    {
      command: 'hset',
      key: instanceKeys.history(instance),
      args: [fieldOf('statuses', packId(target.id)), encodeStatuses(statuses)],
    },
    ...countOfStatus(instance, statuses),
  ]);

/** The newest edit: when, the message as it is now, and its content. */
export function setEditCommands(
  instance: string,
  target: Target,
  edit: { at: number; message: EventMessage; content?: Uint8Array },
): RedisCommand[] {
  const at = Buffer.alloc(6);
  at.writeUIntBE(Math.max(0, Math.trunc(edit.at)), 0, 6);
  return setPart(instance, target, 'edit', Buffer.concat([at, encodeRecord(edit.message, edit.content)]));
}

/** Replaces a message by what may be known of one that was deleted for everyone. @param left without its content */
export function setDeletedCommands(instance: string, target: Target, left: EventMessage, at: number): RedisCommand[] {
  const key = instanceKeys.history(instance);
  const packed = packId(target.id);
  return ifKept(instance, target, [
    { command: 'hset', key, args: [fieldOf('message', packed), encodeRecord(left), fieldOf('deleted', packed), at] },
    { command: 'hdel', key, args: [fieldOf('edit', packed), fieldOf('file', packed)] },
    { command: 'del', key: instanceKeys.historyResponses(instance, target.id), args: [] },
  ]);
}

/** Marks a message with a star, or takes it away. */
export const setStarredCommands = (instance: string, target: Target, starred: boolean) =>
  starred
    ? setPart(instance, target, 'star', 1)
    : ifKept(instance, target, [
        { command: 'hdel', key: instanceKeys.history(instance), args: [fieldOf('star', packId(target.id))] },
      ]);

/** Puts one person's reaction in the place of their last one; an empty emoji takes it back. */
export function setReactionCommands(instance: string, target: Target, reaction: Reaction): RedisCommand[] {
  const key = instanceKeys.historyResponses(instance, target.id);
  const field = responseField(reaction);
  return ifKept(instance, target, [
    reaction.emoji === ''
      ? { command: 'hdel', key, args: [field] }
      : { command: 'hset', key, args: [field, encodeResponse(reaction)] },
  ]);
}

/** Puts one person's vote in the place of their last one. */
export const setVoteCommands = (instance: string, target: Target, vote: Vote) =>
  ifKept(instance, target, [
    {
      command: 'hset',
      key: instanceKeys.historyResponses(instance, target.id),
      args: [responseField(vote), encodeResponse(vote)],
    },
  ]);

/** What has become of a message's file. */
export const setMediaCommands = (instance: string, target: Target, media: MediaDescriptor) =>
  setPart(instance, target, 'file', JSON.stringify(media));

/** Takes messages out of the history. What is not there is left alone. */
export function removeCommands(instance: string, targets: readonly Target[]): RedisCommand[] {
  if (targets.length === 0) return [];
  const byChat = new Map<string, Buffer[]>();
  const ids = targets.map(({ id, chats }) => {
    const packed = packId(id);
    for (const chat of chats) byChat.set(chat, [...(byChat.get(chat) ?? []), packed]);
    return packed;
  });
  return [
    { command: 'hdel', key: instanceKeys.history(instance), args: ids.flatMap(fieldsOf) },
    { command: 'zrem', key: instanceKeys.historyTimes(instance), args: ids },
    ...[...byChat].map(([chat, members]) => ({
      command: 'zrem',
      key: instanceKeys.historyOfChat(instance, chat),
      args: members,
    })),
    ...targets.map(({ id }) => ({ command: 'del', key: instanceKeys.historyResponses(instance, id), args: [] })),
  ];
}
