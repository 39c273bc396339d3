import { instanceKeys, type MessageStatus, type MessageView, type SendError, statusOrder } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';

const acceptScript = defineScript(new URL('./accept.lua', import.meta.url));

/**
 * How long the journal of a message, and with it its idempotency key, is kept beyond the deadline (ms): receipts and
 * retry receipts come late.
 */
export const journalTtlMs = 7 * 86_400_000;

export interface CommandToAccept {
  instance: string;
  messageId: string;
  command: string;
  /** Recipient as JID. */
  to: string;
  /** SHA-256 of the request's body: tells a repetition from another request with the same key. */
  fingerprint: string;
  /** How long it may wait until it is sent (ms). */
  ttlMs: number;
}

export interface Acceptance {
  /** `replayed`: this very request was accepted before. `conflict`: the key belongs to another body. */
  outcome: 'accepted' | 'replayed' | 'conflict';
  messageId: string;
  status: MessageStatus;
  /** When it was first accepted (Unix ms by Redis' clock). */
  acceptedAt: number;
  expiresAt: number;
}

/** Writes the journal of a new message, unless this very message has been accepted before. */
export async function acceptCommand(redis: Redis, command: CommandToAccept): Promise<Acceptance> {
  const { instance, messageId, fingerprint, ttlMs } = command;
  const reply = (await acceptScript(
    redis,
    [instanceKeys.journal(instance, messageId)],
    [messageId, command.command, command.to, fingerprint, ttlMs, journalTtlMs],
  )) as [Acceptance['outcome'], string, MessageStatus, string, string];
  const [outcome, id, status, acceptedAt, until] = reply;
  return { outcome, messageId: id, status, acceptedAt: Number(acceptedAt), expiresAt: Number(until) };
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
