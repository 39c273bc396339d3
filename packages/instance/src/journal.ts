import {
  type CommandJob,
  type CommandName,
  instanceKeys,
  type MessageStatus,
  type MessageView,
  type SendError,
  statusOrder,
} from '@flotilla/contracts';
import { commandJobs } from '@flotilla/queue';
import { defineScript, type Redis } from '@flotilla/redis';

const acceptScript = defineScript(new URL('./accept.lua', import.meta.url), { include: [commandJobs.lua] });

/**
 * How long the journal of a message, and with it its idempotency key, is kept beyond the deadline (ms): receipts and
 * retry receipts come late.
 */
export const journalTtlMs = 7 * 86_400_000;

export interface CommandToAccept {
  messageId: string;
  command: CommandName;
  /** Recipient as JID. */
  to: string;
  /** What is sent: the job's body. */
  body: unknown;
  /** SHA-256 of the request's body: tells a repetition from another request with the same key. Empty without a key. */
  fingerprint: string;
  /** How long it may wait until it is sent (ms). */
  ttlMs: number;
}

export interface Acceptance {
  /**
   * `replayed`: this very request was accepted before. `conflict`: the key belongs to another body. `unlinked`: no phone
   * is linked, and the request is a new one.
   */
  outcome: 'accepted' | 'replayed' | 'conflict' | 'unlinked';
  status: MessageStatus;
}

/** What became of commands, and whom to tell that some are queued. */
export interface AcceptedCommands {
  /** In the order of the commands. */
  acceptances: Acceptance[];
  /** Whether the tenant wants the instance to be connected. */
  isWanted: boolean;
  /** The worker incarnation that holds the instance; empty if none does. */
  owner: string;
}

/**
 * Accepts commands of one instance, in their order and in one step: each has its journal and its job in the queue, or
 * neither. One that has been accepted before is not queued twice.
 * @returns undefined if the tenant has no such instance, or has deleted it
 */
export async function acceptCommands(
  redis: Redis,
  { id: instance, tenant }: { id: string; tenant: string },
  asked: readonly CommandToAccept[],
): Promise<AcceptedCommands | undefined> {
  const reply = (await acceptScript(
    redis,
    [instanceKeys.record(instance), instanceKeys.ownership(instance), commandJobs.meta(instance)],
    [
      tenant,
      journalTtlMs,
      commandJobs.options,
      commandJobs.keptEvents,
      instanceKeys.journal(instance, ''),
      commandJobs.base(instance),
      ...asked.flatMap(({ messageId, command, to, body, fingerprint, ttlMs }) => [
        messageId,
        command,
        to,
        fingerprint,
        ttlMs,
        // The times are those of Redis' clock: the script puts them behind.
        JSON.stringify({ name: command, messageId, body } satisfies Partial<CommandJob>).slice(0, -1),
      ]),
    ],
  )) as string[];
  const [desired, owner, ...rest] = reply;
  if (desired === undefined || owner === undefined) return undefined;
  const acceptances = asked.map((_, n) => ({
    outcome: rest[2 * n] as Acceptance['outcome'],
    status: rest[2 * n + 1] as MessageStatus,
  }));
  return { acceptances, isWanted: desired === 'connected', owner };
}

/** What the journal holds of one message. */
export interface JournalEntry {
  messageId: string;
  command: string;
  to: string;
  status: MessageStatus;
  error?: SendError;
  /** When each status was reached (Unix ms). */
  at: Partial<Record<MessageStatus, number>>;
}

/** The journal entry, or undefined if the message is unknown or too old. */
export async function readJournal(
  redis: Redis,
  instance: string,
  messageId: string,
): Promise<JournalEntry | undefined> {
  return journalEntry(messageId, await redis.hgetall(instanceKeys.journal(instance, messageId)));
}

/** The same of what somebody has read: all fields of the journal's hash. */
export function journalEntry(messageId: string, fields: Record<string, string>): JournalEntry | undefined {
  if (!fields.status) return undefined;
  const at: JournalEntry['at'] = {};
  for (const status of [...statusOrder, 'failed'] as const) {
    const time = fields[`at:${status}`];
    if (time) at[status] = Number(time);
  }
  return {
    messageId,
    command: fields.command ?? '',
    to: fields.to ?? '',
    status: fields.status as MessageStatus,
    error: fields.error ? JSON.parse(fields.error) : undefined,
    at,
  };
}

/** When a message reached each status, or undefined if it is unknown or too old. Leaves its content where it is. */
export async function readStatuses(
  redis: Redis,
  instance: string,
  messageId: string,
): Promise<Pick<JournalEntry, 'at' | 'error'> | undefined> {
  const names = [...statusOrder, 'failed'] as const;
  const [error, ...times] = await redis.hmget(
    instanceKeys.journal(instance, messageId),
    'error',
    ...names.map((name) => `at:${name}`),
  );
  const at = Object.fromEntries(names.flatMap((name, n) => (times[n] ? [[name, Number(times[n])]] : [])));
  if (Object.keys(at).length === 0) return undefined;
  return { at, ...(error ? { error: JSON.parse(error) as SendError } : {}) };
}

/** The message as the API shows it, or undefined if it is unknown or too old. */
export async function readMessage(redis: Redis, instance: string, messageId: string): Promise<MessageView | undefined> {
  const entry = await readJournal(redis, instance, messageId);
  if (!entry) return undefined;
  const { command, to, status, error, at } = entry;
  const history = ([...statusOrder, 'failed'] as const).flatMap((step) => {
    const time = at[step];
    return time === undefined ? [] : [{ status: step, at: time }];
  });
  return { messageId, instance, command, to, status, error, history };
}

/**
 * Fields that move a journal entry on.
 * @returns nothing if the message is there already, or further: statuses never go back
 */
export function journalStep(
  entry: Pick<JournalEntry, 'status'>,
  status: MessageStatus,
  at: number,
  error?: SendError,
): (string | number)[] | undefined {
  const rank = (name: MessageStatus) => statusOrder.indexOf(name);
  if (entry.status === 'failed') return undefined;
  if (status === 'failed' ? rank(entry.status) >= rank('acked') : rank(status) <= rank(entry.status)) return undefined;
  return ['status', status, `at:${status}`, at, ...(error ? ['error', JSON.stringify(error)] : [])];
}
