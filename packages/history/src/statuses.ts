import { type MessageStatus, type SendError, statusOrder } from '@flotilla/contracts';

/** What has become of a sent message. */
export interface Statuses {
  /** When each status was reached (Unix ms). */
  at: Partial<Record<MessageStatus, number>>;
  error?: SendError;
}

const letters: Readonly<Record<MessageStatus, string>> = {
  queued: 'q',
  sending: 's',
  acked: 'a',
  delivered: 'd',
  read: 'r',
  played: 'p',
  failed: 'f',
};
const order = [...statusOrder, 'failed'] as const;

/** The letter that the stored statuses begin with while a message is in a status. */
export const statusLetter = (status: MessageStatus) => letters[status];

/** The last status that was reached. */
export const currentStatus = ({ at }: Statuses): MessageStatus | undefined =>
  order.findLast((status) => at[status] !== undefined);

/**
 * Statuses as they are stored: the letter of the present one, then each with its time in base 36, the first in full
 * and the others as the distance from it; the error behind an exclamation mark.
 */
export function encodeStatuses(statuses: Statuses): string {
  let current: MessageStatus | undefined;
  let first: number | undefined;
  let steps = '';
  for (const status of order) {
    const time = statuses.at[status];
    if (time === undefined) continue;
    steps += `${first === undefined ? '' : ','}${letters[status]}${(time - (first ?? 0)).toString(36)}`;
    first ??= time;
    current = status;
  }
  if (current === undefined) return '';
  return `${letters[current]}:${steps}${statuses.error ? `!${JSON.stringify(statuses.error)}` : ''}`;
}

/** What `encodeStatuses` was given. */
export function decodeStatuses(text: string): Statuses {
  const [, steps = '', error] = /^.:([^!]*)(?:!(.*))?$/s.exec(text) ?? [];
  const at: Statuses['at'] = {};
  let first: number | undefined;
  for (const step of steps.split(',')) {
    const status = order.find((name) => letters[name] === step[0]);
    const time = Number.parseInt(step.slice(1), 36);
    if (status === undefined || !Number.isFinite(time)) continue;
    at[status] = time + (first ?? 0);
    first ??= time;
  }
  return { at, ...(error ? { error: JSON.parse(error) as SendError } : {}) };
}

/**
 * Statuses with a further step; undefined if it changes nothing: a message never goes back, and one that WhatsApp has
 * acknowledged does not fail.
 */
export function withStatus(
  statuses: Statuses,
  status: MessageStatus,
  at: number,
  error?: SendError,
): Statuses | undefined {
  const rank = (name: MessageStatus | undefined) => (name === undefined ? -1 : statusOrder.indexOf(name));
  const current = currentStatus(statuses);
  if (current === 'failed') return undefined;
  const changes = status === 'failed' ? rank(current) < rank('acked') : rank(status) > rank(current);
  if (!changes) return undefined;
  return { at: { ...statuses.at, [status]: at }, ...(error ? { error } : {}) };
}

/** The statuses as the API lists them, in the order in which they are reached. */
export const statusHistory = ({ at }: Statuses) =>
  order.flatMap((status) => {
    const time = at[status];
    return time === undefined ? [] : [{ status, at: time }];
  });
