import { addressesOf, jidsOf } from '@flotilla/history';
import { apiError } from './errors.ts';
import type { Parts } from './parts.ts';
import { readRecipient } from './recipient.ts';

/** What can be read of but not written to. */
const readOnly = /^([\w.-]{1,64})@(newsletter|broadcast)$/;

/**
 * The JID of a chat or contact that a request names: whatever can be written to, channels, and `status@broadcast`.
 * @param field the request's field, for the error message
 */
export function readAddress(text: string, field: string): string {
  const found = readOnly.test(text) ? { jid: text } : readRecipient(text);
  if ('reason' in found) throw apiError('VALIDATION', `${field}: ${found.reason}`);
  return found.jid;
}

/** The JIDs by which the history may know a chat: a person has one for the phone number and one for the LID. */
export async function chatAddresses(
  { redis }: Pick<Parts, 'redis'>,
  instance: string,
  text: string,
  field: string,
): Promise<string[]> {
  const jid = readAddress(text, field);
  const [addresses = {}] = await addressesOf(redis, instance, [jid]);
  return jidsOf(jid, addresses);
}
