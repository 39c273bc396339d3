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
  journalEntry,
  journalStep,
  journalTtlMs,
  readJournal,
  recordFields,
} from '@flotilla/instance';
import { type Fence, FencedError, fencedWrite, type RedisCommand } from '@flotilla/lease';
import type { Queues } from '@flotilla/queue';
import { byFleetClock, type Confirmations, type Redis } from '@flotilla/redis';
import type { WorkerFaultPoints } from './fault-points.ts';
import type { Loops } from './loops.ts';
import { OwnedFields } from './owned-fields.ts';
import { RecentJournals } from './recent-journals.ts';
import { RelayNudges } from './relay-nudges.ts';

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
  /**
   * The step is left for the next write, whatever that writes, and is taken as done: see `settle`.
   * @default false
   */
  withNext?: boolean;
}

/** What goes with the next write. */
interface Passengers {
  commands: readonly RedisCommand[];
  /** Settles with the write that took them. */
  written: PromiseWithResolvers<void>;
}

/**
 * How long an event's token is remembered (ms). A worker may die between storing a message and acknowledging it; the
 * server then delivers it again, after however long the instance was offline.
 */
const onceTtlMs = 7 * 86_400_000;

/**
 * Everything that a lease holder writes about one instance. Each write is one script on the instance's slot that first
 * checks the fence, so a stale owner changes nothing, and a crash leaves all of a write or none of it.
 */
export class InstanceStore {
  readonly fence: Fence;
  readonly #options: InstanceStoreOptions;
  readonly #nudges: RelayNudges;
  #writtenAt = performance.now();
  #advancing: Promise<unknown> = Promise.resolve();
  readonly #recent = new RecentJournals();
  readonly #chatFields = new OwnedFields();
  #passengers: Passengers | undefined;
  /** The last write that took passengers, until it is done. */
  #settling: Promise<void> | undefined;

  constructor(options: InstanceStoreOptions) {
    this.#options = options;
    this.fence = options.fence;
    const { redis, queues, tenant, faults, loops } = options;
    this.#nudges = new RelayNudges({ redis, queues, instance: options.fence.instance, tenant, faults, loops });
  }

  /** Monotonic time of the last write, or since when nothing was written. */
  get writtenAt(): number {
    return this.#writtenAt;
  }

  /** Starts no further attempts to hand events on. */
  end(): void {
    this.#nudges.end();
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
    const own = [...commands, ...appends];
    const keys = own.map(({ key }) => key);
    this.#chatFields.forget(keys);
    let passengers: Passengers | undefined;
    let isTold: Promise<boolean> | undefined;
    try {
      const unconfirmed = await confirmations?.begin(instanceKeys.ownership(instance));
      // Only now: whatever is sent first takes them, so that no later step comes before them.
      passengers = this.#passengers;
      this.#passengers = undefined;
      const all = passengers ? [...passengers.commands, ...own] : own;
      const written = fencedWrite(redis, fence, all, { publish: channels.changed(instance) });
      if (events.length > 0 && !unconfirmed) isTold = this.#nudges.behind(written);
      await written;
      await unconfirmed?.confirmPatiently();
      passengers?.written.resolve();
    } catch (error) {
      passengers?.written.reject(error);
      if (error instanceof FencedError) onFenced();
      throw error;
    } finally {
      this.#chatFields.forget(keys);
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

  /** Leaves commands for the next write. Rejects if that fails, and may be dropped. */
  #writeWithNext(commands: readonly RedisCommand[]): Promise<void> {
    const before = this.#passengers;
    const written = before?.written ?? Promise.withResolvers<void>();
    this.#passengers = { commands: [...(before?.commands ?? []), ...commands], written };
    if (before) return written.promise;
    const settling = written.promise.finally(() => {
      if (this.#settling === settling) this.#settling = undefined;
    });
    settling.catch(() => {}); // whoever has to know asks `settle`
    this.#settling = settling;
    return written.promise;
  }

  /**
   * Resolves when every step is stored that was left for the next write; writes it if nothing else has. Nothing that
   * follows from such a step may be done before.
   * @throws as `write` does
   */
  async settle(): Promise<void> {
    const settling = this.#settling;
    if (!settling) return;
    if (this.#passengers) await this.write([]);
    await settling;
  }

  /** How long messages of a chat stay, as it is set (seconds); undefined if that is not known. */
  async chatExpiration(chat: string): Promise<number | undefined> {
    const key = instanceKeys.chat(this.fence.instance, chat);
    const seconds = await this.#chatFields.get(key, () => this.#options.redis.hget(key, 'ephemeralSeconds'));
    return seconds ? Number(seconds) : undefined;
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
    return this.#know(messageId, await readJournal(this.#options.redis, this.fence.instance, messageId));
  }

  /** The same of what was just read. */
  readTaken(messageId: string, fields: Record<string, string>): JournalEntry | undefined {
    return this.#know(messageId, journalEntry(messageId, fields));
  }

  #know(messageId: string, entry: JournalEntry | undefined): JournalEntry | undefined {
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
    { error, content, chat, also = [], withNext = false }: StepDetails,
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
    const chats = [...new Set([to, ...(chat ? [chat] : [])])];
    const before = { at: entry.at };
    const commands = [
      { command: 'hset', key, args: content ? [...step, 'content', content] : step },
      ...also,
      ...history.addStatus({ id, chats }, { status, at, error }, before),
    ];
    const forget = () => this.#recent.forget(id);
    if (withNext) this.#writeWithNext(commands).catch(forget);
    else {
      const events = await this.#eventsOf(entry, status, { now, chat: chat ?? to, error });
      await this.write(commands, events).catch((failure: unknown) => {
        forget();
        throw failure;
      });
    }
    this.#recent.keep({ ...entry, status, error, at: { ...entry.at, [status]: at } });
    this.#options.onStep?.(status);
    return true;
  }

  /** What the tenant is told of a step: `sending` is ours to know, and the tenant hears of what WhatsApp says. */
  async #eventsOf(
    entry: JournalEntry,
    status: MessageStatus,
    { now, chat, error }: { now: number; chat: string; error: SendError | undefined },
  ): Promise<EventToAppend[]> {
    if (status === 'sending') return [];
    const message = await this.#told(entry, status);
    const data = { id: entry.messageId, chat, status, ...(error ? { error } : {}) };
    return [
      ...(message
        ? [
            {
              event: {
                type: 'messages.upsert' as const,
                occurredAt: now,
                data: { type: 'append' as const, message },
              },
            },
          ]
        : []),
      { event: { type: 'messages.update', occurredAt: now, data } },
    ];
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
    this.#nudges.ask();
  }
}

/** Whether WhatsApp does not have the message yet, as far as we know. */
const isOurs = (status: MessageStatus) => status === 'queued' || status === 'sending';
