import {
  type CommandJob,
  channels,
  type EventMessage,
  type InstanceRecord,
  instanceKeys,
  type MessageStatus,
  type NewEvent,
  type SendError,
} from '@flotilla/contracts';
import type { HistoryWriter } from '@flotilla/history';
import {
  appendEvent,
  type JournalEntry,
  journalStep,
  journalTtlMs,
  readJournal,
  recordFields,
} from '@flotilla/instance';
import { type Fence, FencedError, fencedWrite, type RedisCommand } from '@flotilla/lease';
import type { Queues } from '@flotilla/queue';
import { byFleetClock, type Confirmations, keepsOrder, type Redis, scriptsResent } from '@flotilla/redis';
import type { WorkerFaultPoints } from './fault-points.ts';
import type { Loops } from './loops.ts';
import { RecentJournals } from './recent-journals.ts';

/** An event to append; with `once`, only if no event with the same token has been appended lately. */
export interface EventToAppend {
  event: NewEvent;
  once?: string;
  /** Written only if the event is. */
  also?: readonly RedisCommand[];
}

export interface InstanceStoreOptions {
  redis: Redis;
  queues: Pick<Queues, 'nudgeRelay'>;
  fence: Fence;
  tenant: string;
  history: HistoryWriter;
  faults?: WorkerFaultPoints;
  /**
   * A message that the API has sent, if the tenant wants to be told of such. Asked when the server has it.
   * @param content reads what was sent, as bytes of `proto.Message`
   */
  sentMessage?(id: string, content: () => Promise<Buffer | undefined>): Promise<EventMessage | undefined>;
  /** Called when Redis has refused a write because somebody else owns the instance. */
  onFenced(): void;
  /** Called when a message has reached a status in its journal. */
  onStep?(status: MessageStatus): void;
  loops?: Pick<Loops, 'write' | 'nudge'>;
  /** Where replicas are asked whether they have what was written. */
  confirmations?: Pick<Confirmations, 'begin'> | undefined;
  /** Called after events were stored. */
  onStored?(): void;
}

/** What goes with a step of a message. */
export interface StepDetails {
  error?: SendError;
  /** What was sent, as bytes of `proto.Message`: answers retry receipts after a failover. */
  content?: Buffer;
  /** The chat as WhatsApp names it now. */
  chat?: string;
  /** Written together with the step, also if the message is further already. */
  also?: readonly RedisCommand[];
}

/**
 * How long an event's token is remembered (ms). A worker may die between storing a message and acknowledging it; the
 * server then delivers it again, after however long the instance was offline.
 */
const onceTtlMs = 7 * 86_400_000;
/** ms between tries to hand events on while Redis is away. */
const nudgeAgainMs = 500;

/**
 * Everything that a lease holder writes about one instance. Each write is one script on the instance's slot that first
 * checks the fence, so a stale owner changes nothing, and a crash leaves all of a write or none of it.
 */
export class InstanceStore {
  readonly fence: Fence;
  readonly #options: InstanceStoreOptions;
  #nudging = false;
  #nudgeAgain = false;
  #ended = false;
  #writtenAt = performance.now();
  #advancing: Promise<unknown> = Promise.resolve();
  readonly #recent = new RecentJournals();

  constructor(options: InstanceStoreOptions) {
    this.#options = options;
    this.fence = options.fence;
  }

  /** Monotonic time of the last write, or since when nothing was written. */
  get writtenAt(): number {
    return this.#writtenAt;
  }

  /** Starts no further attempts to hand events on. */
  end(): void {
    this.#ended = true;
  }

  /**
   * Writes a batch: all of it or nothing. Where Redis has replicas, one of them has it when this resolves: WhatsApp is
   * told of a message, a ciphertext leaves and an event is handed on only when a failover cannot take it back.
   * @throws FencedError if the instance has another owner now
   * @throws NotReplicatedError if another server has become the master meanwhile, which may not have it
   */
  async write(commands: readonly RedisCommand[], events: readonly EventToAppend[] = []): Promise<void> {
    const { redis, fence, onFenced, loops, confirmations } = this.#options;
    const { instance } = fence;
    this.#writtenAt = performance.now();
    const appends = events.flatMap(({ event, once, also = [] }): RedisCommand[] => [
      // The guard lets the next command pass only once: a commit that is repeated appends nothing again.
      ...(once === undefined ? [] : [{ command: 'guard', key: instanceKeys.once(instance, once), args: [onceTtlMs] }]),
      appendEvent(instance, { ...event, occurredAt: byFleetClock(event.occurredAt) }),
      ...(also.length > 0
        ? [{ command: 'when', key: instanceKeys.events(instance), args: [also.length] }, ...also]
        : []),
    ]);
    const running = loops?.write.begin();
    let isTold: Promise<boolean> | undefined;
    try {
      const unconfirmed = await confirmations?.begin(instanceKeys.ownership(instance));
      const written = fencedWrite(redis, fence, [...commands, ...appends], { publish: channels.changed(instance) });
      if (events.length > 0 && !unconfirmed && this.#mayTellAhead()) isTold = this.#tellBehind(written);
      await written;
      await unconfirmed?.confirmPatiently();
    } catch (error) {
      if (error instanceof FencedError) onFenced();
      throw error;
    } finally {
      running?.end();
    }
    if (events.length > 0) this.#stored(events, isTold);
  }

  #stored(events: readonly EventToAppend[], isTold: Promise<boolean> | undefined): void {
    const { faults, onStored } = this.#options;
    if (events.some(({ event }) => event.type === 'messages.upsert')) faults?.reach('crash-between-event-and-nudge');
    onStored?.();
    if (isTold) void isTold.then((told) => told || this.nudge());
    else this.nudge();
  }

  /** A test that lets it die between writing and telling needs both apart. */
  #mayTellAhead(): boolean {
    const { redis, faults } = this.#options;
    return keepsOrder(redis) && !faults?.waits('crash-between-event-and-nudge');
  }

  /**
   * Asks for events to be handed on right behind the write that stores them, without waiting for its answer: the server
   * does one after the other. If nothing was stored there is nothing to hand on.
   * @param written the write, of which everything has been sent
   * @returns whether that was enough; never rejects
   */
  async #tellBehind(written: Promise<unknown>): Promise<boolean> {
    const { queues, fence, tenant } = this.#options;
    const before = scriptsResent();
    const told = queues.nudgeRelay({ instance: fence.instance, tenant }).then(
      () => true,
      () => false,
    );
    await written.catch(() => {});
    return (await told) && scriptsResent() === before;
  }

  /** Changes fields of the record; `null` removes one. */
  async updateRecord(
    change: { [F in keyof InstanceRecord]?: InstanceRecord[F] | null },
    events: readonly EventToAppend[] = [],
  ): Promise<void> {
    const key = instanceKeys.record(this.fence.instance);
    const kept = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null));
    const gone = Object.entries(change).flatMap(([field, value]) => (value === null ? [field] : []));
    const fields = recordFields(kept);
    await this.write(
      [
        ...(fields.length > 0 ? [{ command: 'hset' as const, key, args: fields }] : []),
        ...(gone.length > 0 ? [{ command: 'hdel' as const, key, args: gone }] : []),
      ],
      events,
    );
  }

  /** The journal entry of a message, or undefined. */
  async readJournal(messageId: string): Promise<JournalEntry | undefined> {
    return this.#recent.get(messageId) ?? this.openJournal(messageId);
  }

  /** The same as it is stored, for whoever begins with a message: what was known of it may be of an earlier one. */
  async openJournal(messageId: string): Promise<JournalEntry | undefined> {
    const entry = await readJournal(this.#options.redis, this.fence.instance, messageId);
    if (entry) this.#recent.keep(entry);
    else this.#recent.forget(messageId);
    return entry;
  }

  /**
   * Moves a message on in its journal and in the history, and tells the tenant; changes nothing if it is there already,
   * or further. Steps are taken one after the other: the server's acknowledgement and the recipient's receipt come
   * together.
   */
  advance(entry: JournalEntry, status: MessageStatus, details: StepDetails = {}): Promise<boolean> {
    const step = this.#advancing.then(() => this.#advance(entry, status, details));
    this.#advancing = step.catch(() => {});
    return step;
  }

  async #advance(
    known: JournalEntry,
    status: MessageStatus,
    { error, content, chat, also = [] }: StepDetails,
  ): Promise<boolean> {
    const { history } = this.#options;
    // Events are dated by `write`, which goes by the fleet's clock as well.
    const now = Date.now();
    const at = byFleetClock(now);
    let entry = (await this.readJournal(known.messageId)) ?? known;
    // A receipt that comes before the acknowledgement says the same and more: whoever follows the steps sees both.
    if ((status === 'delivered' || status === 'read' || status === 'played') && isOurs(entry.status)) {
      await this.#advance(entry, 'acked', { chat });
      entry = (await this.readJournal(known.messageId)) ?? entry;
    }
    const step = journalStep(entry, status, at, error);
    if (!step) {
      if (also.length > 0) await this.write(also);
      return false;
    }
    const { messageId: id, to } = entry;
    const key = instanceKeys.journal(this.fence.instance, id);
    const data = { id, chat: chat ?? to, status, ...(error ? { error } : {}) };
    const chats = [...new Set([to, ...(chat ? [chat] : [])])];
    const sent = await this.#told(entry, status);
    const before = { at: entry.at };
    await this.write(
      [
        { command: 'hset', key, args: content ? [...step, 'content', content] : step },
        ...also,
        ...history.addStatus({ id, chats }, { status, at, error }, before),
      ],
      // `sending` is ours to know: the tenant hears of what WhatsApp says.
      status === 'sending'
        ? []
        : [
            ...(sent
              ? [
                  {
                    event: {
                      type: 'messages.upsert' as const,
                      occurredAt: now,
                      data: { type: 'append' as const, message: sent },
                    },
                  },
                ]
              : []),
            { event: { type: 'messages.update', occurredAt: now, data } },
          ],
    ).catch((failure: unknown) => {
      this.#recent.forget(id);
      throw failure;
    });
    this.#recent.keep({ ...entry, status, error, at: { ...entry.at, [status]: at } });
    this.#options.onStep?.(status);
    return true;
  }

  /** The message to tell with a step: the first one by which WhatsApp has it, be it by receipt. Steps are never repeated. */
  async #told({ messageId, status: before }: JournalEntry, status: MessageStatus): Promise<EventMessage | undefined> {
    const { sentMessage } = this.#options;
    if (!sentMessage || !isOurs(before) || isOurs(status) || status === 'failed') return undefined;
    return sentMessage(messageId, () => this.sentContent(messageId));
  }

  /**
   * Opens the journal of a message that is a part of a command, such as one picture of an album.
   * @param content what is sent, as bytes of `proto.Message`
   * @param also written together with it
   */
  async openPart(
    job: CommandJob,
    messageId: string,
    content: Buffer,
    also: readonly RedisCommand[] = [],
  ): Promise<void> {
    const key = instanceKeys.journal(this.fence.instance, messageId);
    const to = (job.body as { to: string }).to;
    this.#recent.forget(messageId);
    const fields = { status: 'sending', command: job.name, to, 'at:queued': job.acceptedAt, 'at:sending': Date.now() };
    await this.write([
      { command: 'hset', key, args: [...Object.entries(fields).flat(), 'content', content] },
      { command: 'pexpire', key, args: [journalTtlMs] },
      ...also,
    ]);
  }

  /** Whether an event with this token has been appended. */
  async hasAppended(once: string): Promise<boolean> {
    return (await this.#options.redis.exists(instanceKeys.once(this.fence.instance, once))) === 1;
  }

  /** What was sent under this id, or undefined if it is unknown or too old. */
  async sentContent(messageId: string): Promise<Buffer | undefined> {
    const content = await this.#options.redis.hgetBuffer(
      instanceKeys.journal(this.fence.instance, messageId),
      'content',
    );
    return content ?? undefined;
  }

  /**
   * Asks for the stored events to be put into webhook mailboxes; keeps asking while Redis is away. Whoever owns the
   * instance next asks again, so a crash in between loses nothing.
   */
  nudge(): void {
    this.#nudgeAgain = true;
    if (this.#nudging) return;
    this.#nudging = true;
    void this.#nudgeUntilDone();
  }

  async #nudgeUntilDone(): Promise<void> {
    const { queues, fence, tenant, loops } = this.#options;
    const running = loops?.nudge.begin();
    while (this.#nudgeAgain && !this.#ended) {
      this.#nudgeAgain = false;
      try {
        await queues.nudgeRelay({ instance: fence.instance, tenant });
        running?.progress();
      } catch {
        this.#nudgeAgain = true;
        await new Promise((resolve) => setTimeout(resolve, nudgeAgainMs));
      }
    }
    running?.end();
    this.#nudging = false;
  }
}

/** Whether WhatsApp does not have the message yet, as far as we know. */
const isOurs = (status: MessageStatus) => status === 'queued' || status === 'sending';
