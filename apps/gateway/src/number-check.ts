import type { RequestInput, RequestResult } from '@flotilla/contracts';
import { readRecipient } from './recipient.ts';

type Input = RequestInput<'contacts.check'>;
type Result = RequestResult<'contacts.check'>;

/**
 * Splits a check of numbers into what WhatsApp is asked, each number once, and what needs no asking because it is no
 * number.
 * @returns the input for the worker, and what makes the answer from its result: in the order of the question
 */
export function checkOf({ numbers }: Input): { input: Input; answer(result: Result): Result } {
  const read = numbers.map((number) => ({ number, ...readPerson(number) }));
  const asked = new Set(read.flatMap((entry) => ('jid' in entry ? [entry.jid] : [])));
  return {
    input: { numbers: [...asked] },
    answer({ results }) {
      const byJid = new Map(results.map((result) => [result.number, result]));
      return {
        results: read.map((entry) =>
          'jid' in entry
            ? { exists: false, ...byJid.get(entry.jid), number: entry.number }
            : { number: entry.number, exists: false, error: entry.reason },
        ),
      };
    },
  };
}

/** WhatsApp says only of phone numbers whether they are there. */
function readPerson(number: string) {
  const recipient = readRecipient(number);
  if ('reason' in recipient || recipient.jid.endsWith('@s.whatsapp.net')) return recipient;
  return { reason: 'is no phone number: only numbers can be looked for' };
}
