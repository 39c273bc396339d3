import type { InboundEntry } from '@flotilla/auth-state';
import type { EventMessage, NewEvent } from '@flotilla/contracts';
import { readStoredMessage } from '@flotilla/history';
import type { RedisCommand } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import { isJidNewsletter, isJidStatusBroadcast, type WASocket } from '@whiskeysockets/baileys';
import type { WorkerFaultPoints } from '../fault-points.ts';
import type { Holding } from '../holding.ts';
import { type FileFetching, IncomingFiles } from '../media/incoming-files.ts';
import { expectFile } from '../media/pending-files.ts';
import { requestReupload } from '../media/reupload.ts';
import { type ChangeContext, createChangeQueue } from './change-queue.ts';
import { createGroupMembers, type GroupMembers } from './group-members.ts';
import type { Inbound } from './inbound.ts';
import { listenToAccount } from './listen/account.ts';
import type { ListenContext } from './listen/context.ts';
import { listenToGroups } from './listen/groups.ts';
import { listenToHistory } from './listen/history.ts';
import { listenToMessages, type MessageListener } from './listen/messages.ts';
import { listenToMappings, listenToPeople } from './listen/people.ts';
import { countRetries } from './listen/retries.ts';
import { type Me, samePerson } from './party.ts';
import { storeReceiptsFirst } from './receipts.ts';
import { createReceiver, type Received, type Revoke } from './receiver.ts';
import { createTold } from './told.ts';

export interface IntakeOptions {
  redis: Redis;
  fetching: FileFetching;
  /** Larger files are not fetched (bytes); 0: no limit. */
  largestFile: number;
  holding: Holding;
  faults: WorkerFaultPoints;
  me(): Me | undefined;
  mayWork(): boolean;
  /** Aborted with the socket. */
  signal: AbortSignal;
  /** Ends the socket: something could not be stored. */
  giveUp(): void;
}

/** How long the last changes may take to be stored when the socket has closed (ms). */
const drainMs = 5_000;

export type Intake = ReturnType<typeof createIntake>;

/** Everything that comes in over one socket, on its way into the instance's event log, history and files. */
export function createIntake(options: IntakeOptions) {
  const { redis, fetching, largestFile, holding, faults, me, signal, giveUp } = options;
  const { id: instance, tenant, store, history, log } = holding;
  const { settings } = holding.instance;
  const mayFetch = settings.downloadMedia ?? true;
  const receiver = createReceiver({
    history,
    settings,
    me,
    log,
    fetches: (size = 0) => mayFetch && (largestFile === 0 || size <= largestFile),
    sentContent: (id) => store.sentContent(id),
    votes: async (id) => (await readStoredMessage(redis, instance, id))?.votes ?? [],
    expectFile: (file) => expectFile(instance, file, Date.now()),
  });
  const queue = createChangeQueue({
    store,
    log,
    loop: holding.loops.changeQueue,
    mayWrite: options.mayWork,
    onFull: giveUp,
  });
  let files: IncomingFiles | undefined;
  let fetched: Promise<void> | undefined;
  let messages: MessageListener | undefined;
  let sock: WASocket | undefined;
  let members: GroupMembers | undefined;

  /** Read receipts for what others wrote; a status or a newsletter is read by looking at it. */
  function readAll(arrived: readonly EventMessage[]): void {
    const own = arrived.filter(({ chat }) => !isJidStatusBroadcast(chat) && !isJidNewsletter(chat));
    if (own.length === 0) return;
    const keys = own.map(({ id, chat, sender }) => ({
      id,
      remoteJid: chat,
      ...(sender.jid === chat ? {} : { participant: sender.jid }),
    }));
    sock?.readMessages(keys).catch((error: unknown) => log.debug({ err: error }, 'messages.not-read'));
    const chats = [...new Set(own.map(({ chat }) => chat))].map((jid) => ({ jid, unread: 0 }));
    queue.add(({ write }) => write(history.updateChats(chats)));
  }

  /** A message was deleted by somebody who did not write it: that counts if an admin of the group has done it. */
  async function applyRevoke({ target, chat, fromMe, by, at, once }: Revoke, { write, read }: ChangeContext) {
    const group = await members?.of(chat);
    if (!group?.admins.some((admin) => samePerson(admin, by))) return;
    const event: NewEvent = {
      type: 'messages.update',
      occurredAt: Date.now(),
      data: { id: target.id, chat, fromMe, deleted: { by, at } },
    };
    await write(await read(() => history.setDeleted(target, at)), [{ event, once }]);
  }

  /** What was received is stored now. */
  function stored({ events, messages: arrived, files: expected, revokes }: Received): void {
    for (const { event } of events)
      if (event.type === 'messages.upsert') messages?.arrived(event.data.message.chat, event.data.message.id);
    if (expected > 0) files?.wake();
    for (const revoke of revokes) queue.add((context) => applyRevoke(revoke, context));
    if (settings.readMessages && arrived.length > 0) readAll(arrived);
  }

  return {
    /** Reads messages that were just decrypted; what it gives is stored with the ratchets that decrypted them. */
    receive: (entries: readonly InboundEntry[]): Promise<Received> => receiver.receive(entries),

    /**
     * The commands of what a message of this number itself does to another one or to its chat: an edit, a reaction, a
     * vote. Whoever sends it needs no event of it, but the history does.
     */
    async changesOf(change: Exclude<Inbound, { what: 'message' }>): Promise<RedisCommand[]> {
      return (await receiver.receiveInbound(change, change.envelope.id)).commands;
    },

    stored,

    /** Fetches a file of a message again. */
    fetchAgain: (pending: Parameters<IncomingFiles['fetchAgain']>[0]) => files?.fetchAgain(pending),

    /** Listens to a socket. Call it before anything can arrive. */
    listen(opened: WASocket): void {
      sock = opened;
      const told = createTold(redis, instance);
      queue.add(async ({ write, read }) => write(await read(() => told.bound())));
      const context: ListenContext = {
        sock: opened,
        instance,
        settings,
        redis,
        history,
        receiver,
        stored,
        queue,
        told,
        me,
        signal,
        log,
        onUnreadable: () => holding.metrics.undecryptable.inc({ when: 'given-up' }),
      };
      members = createGroupMembers(opened);
      countRetries(opened, holding.metrics);
      storeReceiptsFirst(opened, {
        loop: holding.loops.receipts,
        redis,
        store,
        history,
        queue,
        members,
        faults,
        me,
        giveUp,
      });
      listenToMappings(context);
      listenToPeople(context);
      listenToGroups(context);
      listenToAccount(context);
      listenToHistory(context);
      messages = listenToMessages(context);
      files = new IncomingFiles({
        ...fetching,
        redis,
        store,
        history,
        tenant,
        instance,
        log,
        loop: holding.loops.files,
        signal,
        reupload: (pending) => requestReupload(opened, pending, signal),
      });
    },

    /** The connection is open: files are fetched from now on. */
    open(): void {
      fetched ??= files?.run();
    },

    /** Waits until what was reported is stored, and nothing is fetched any more; the socket is closed by now. */
    async close(): Promise<void> {
      await fetched;
      await queue.drain(drainMs);
    },
  };
}
