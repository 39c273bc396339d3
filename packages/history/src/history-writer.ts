import { setImmediate } from 'node:timers/promises';
import {
  type Chat,
  type Contact,
  type EventMessage,
  instanceKeys,
  type MediaDescriptor,
  type MessageStatus,
  type Reaction,
  type SendError,
} from '@flotilla/contracts';
import type { RedisCommand } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import { type HistoryBounds, isOn, oldestKept } from './bounds.ts';
import { withEdit } from './edit.ts';
import { observeLid } from './lid-writer.ts';
import { fieldOf, packId } from './message-id.ts';
import {
  appendCommands,
  type MessageToAppend,
  removeCommands,
  setDeletedCommands,
  setEditCommands,
  setMediaCommands,
  setReactionCommands,
  setStarredCommands,
  setStatusesCommands,
  setVoteCommands,
  type Target,
} from './message-writer.ts';
import { chatCommands, contactCommands } from './people-writer.ts';
import { createPlaces } from './places.ts';
import { decodeContent, decodeView } from './record.ts';
import { removalOfAll, removalOfChat } from './removal.ts';
import type { Vote } from './responses.ts';
import { decodeStatuses, type Statuses, withStatus } from './statuses.ts';
import { surplus } from './surplus.ts';

/** Writes a batch under the instance's fence: `InstanceStore.write`. */
export type Write = (commands: readonly RedisCommand[]) => Promise<unknown>;

export interface HistoryWriterOptions {
  /** For reading: what is written goes through the fenced batches of whoever asks. */
  redis: Redis;
  instance: string;
  bounds: HistoryBounds;
}

/** A message of the history as the owner of the instance needs it. */
export interface KeptMessage {
  /** As it came, or as it was edited last. */
  message: EventMessage;
  /** Bytes of its `proto.Message`, as it came: votes are decrypted with its secret, its file is fetched with its key. */
  content?: Buffer;
  /** The same of the newest edit. */
  editedContent?: Buffer;
  deleted: boolean;
}

/** A status that a sent message has reached. */
interface StatusStep {
  status: MessageStatus;
  /** Unix ms. */
  at: number;
  error?: SendError | undefined;
}

/** How many messages one script adds at most, and how long preparing them may take (ms): others have to be served too. */
const batchSize = 100;
const batchMs = 10;

export type HistoryWriter = ReturnType<typeof createHistoryWriter>;

/**
 * The history of one instance, for its owner. Every function gives the commands of a fenced batch, to be written
 * together with the event that they belong to; with the history switched off most of them give none.
 *
 * Functions that return promises read first: what they give is good until the next write, so their callers write in
 * turn.
 */
export function createHistoryWriter({ redis, instance, bounds }: HistoryWriterOptions) {
  const key = instanceKeys.history(instance);
  const on = isOn(bounds);
  const places = createPlaces();
  const addition = (entry: MessageToAppend) =>
    appendCommands(instance, entry, places.next(entry.message.timestamp, entry.live ?? true), Date.now());
  const unlessOff = (commands: () => RedisCommand[]) => (on ? commands() : []);
  const isKept = ({ message }: MessageToAppend) => message.timestamp >= oldestKept(bounds, Date.now());

  const furtherStatus = (target: Target, { status, at, error }: StatusStep, before: Statuses): RedisCommand[] => {
    const after = withStatus(before, status, at, error);
    return after ? setStatusesCommands(instance, target, after) : [];
  };

  const read = async (id: string): Promise<KeptMessage | undefined> => {
    const packed = packId(id);
    const [record, edit, deleted] = await redis.hmgetBuffer(
      key,
      fieldOf('message', packed),
      fieldOf('edit', packed),
      fieldOf('deleted', packed),
    );
    if (!record) return undefined;
    const message = decodeView(id, record);
    const edited = edit && decodeView(id, edit.subarray(6));
    return {
      message: edited ? withEdit(message, edited) : message,
      content: decodeContent(record),
      editedContent: edit ? decodeContent(edit.subarray(6)) : undefined,
      deleted: deleted !== null && deleted !== undefined,
    };
  };

  return {
    /** Whether anything but LID mappings is written. */
    isOn: on,

    /** A message of the history, or undefined. */
    read,

    /** Adds a message. Has no effect if it is there already; one that could not be decrypted is replaced. */
    append: (entry: MessageToAppend): RedisCommand[] => (on && isKept(entry) ? addition(entry) : []),

    /**
     * Adds many messages in any order, such as those that a phone tells after pairing: a batch for each script, with
     * pauses in which the process serves others.
     */
    async *appendMany(entries: Iterable<MessageToAppend>): AsyncGenerator<RedisCommand[], void, void> {
      if (!on) return;
      let batch: RedisCommand[] = [];
      let count = 0;
      let since = performance.now();
      for (const entry of entries) {
        if (isKept(entry)) {
          batch.push(...addition({ ...entry, live: false }));
          count += 1;
        }
        if (count < batchSize && performance.now() - since < batchMs) continue;
        if (batch.length > 0) yield batch;
        batch = [];
        count = 0;
        await setImmediate();
        since = performance.now();
      }
      if (batch.length > 0) yield batch;
    },

    /** A further status of a sent message. Nothing if it is there already, or further. */
    async setStatus(target: Target, step: StatusStep): Promise<RedisCommand[]> {
      if (!on) return [];
      const stored = await redis.hgetBuffer(key, fieldOf('statuses', packId(target.id)));
      return furtherStatus(target, step, stored ? decodeStatuses(stored.toString()) : { at: {} });
    },

    /**
     * A further status of a message that the journal has, which says no less than the history: nothing is read.
     * @param before what the journal says of the statuses before
     */
    addStatus: (target: Target, step: StatusStep, before: Statuses) =>
      unlessOff(() => furtherStatus(target, step, before)),

    /** An edit; an older one than the history has changes nothing. @param message as it is now, with its whole text */
    async setEdited(
      target: Target,
      edit: { at: number; message: EventMessage; content?: Uint8Array },
    ): Promise<RedisCommand[]> {
      if (!on) return [];
      const packed = packId(target.id);
      const [before, deleted] = await redis.hmgetBuffer(key, fieldOf('edit', packed), fieldOf('deleted', packed));
      if (deleted || (before && before.readUIntBE(0, 6) > edit.at)) return [];
      return setEditCommands(instance, target, edit);
    },

    /** A message was deleted for everyone: who wrote it when stays, its content goes. @param at Unix ms */
    async setDeleted(target: Target, at: number): Promise<RedisCommand[]> {
      const kept = on ? await read(target.id) : undefined;
      if (!kept || kept.deleted) return [];
      const { id, chat, fromMe, sender, timestamp, kind } = kept.message;
      return setDeletedCommands(instance, target, { id, chat, fromMe, sender, timestamp, kind }, at);
    },

    setStarred: (target: Target, starred: boolean) => unlessOff(() => setStarredCommands(instance, target, starred)),

    /** One person's reaction, in place of their last one; an empty emoji takes it back. */
    setReaction: (target: Target, reaction: Reaction) =>
      unlessOff(() => setReactionCommands(instance, target, reaction)),

    /** One person's vote in a poll, in place of their last one. */
    setVote: (target: Target, vote: Vote) => unlessOff(() => setVoteCommands(instance, target, vote)),

    /** What has become of a message's file. */
    setMedia: (target: Target, media: MediaDescriptor) => unlessOff(() => setMediaCommands(instance, target, media)),

    /** Takes messages out that were deleted for this number alone. */
    remove: (targets: readonly Target[]) => unlessOff(() => removeCommands(instance, targets)),

    /**
     * Takes out all messages of a chat, in batches.
     * @param keepChat whether the chat itself stays, as after clearing it @default false
     */
    removeChat: (jid: string, { keepChat = false } = {}) => removalOfChat(redis, instance, jid, keepChat),

    /** Adds or changes chats: only what is given; `lastMessageAt` only rises; `unread: 0` marks one as read. */
    updateChats: (chats: readonly (Partial<Chat> & { jid: string })[]) =>
      unlessOff(() => chatCommands(instance, chats, Date.now())),

    /** Adds or changes contacts: only what is given. */
    updateContacts: (contacts: readonly (Partial<Contact> & { jid: string })[]) =>
      unlessOff(() => contactCommands(instance, contacts, Date.now())),

    /**
     * Notes which phone number a LID belongs to, as WhatsApp says; also while the history is off. `append` does so for
     * the senders of live messages.
     * @param phone digits only
     */
    observeLid: (lid: string, phone: string, at = Date.now()) => observeLid(instance, lid, phone, at),

    /**
     * Drops what is beyond the bounds, a batch at a time. To be called after a login, after a history sync, and every
     * few minutes while messages come.
     */
    async trim(write: Write): Promise<void> {
      for await (const batch of surplus(redis, instance, bounds)) await write(batch);
    },

    /** Drops everything, a batch at a time, because the instance goes. */
    async removeAll(write: Write): Promise<void> {
      for await (const batch of removalOfAll(redis, instance)) await write(batch);
    },
  };
}
