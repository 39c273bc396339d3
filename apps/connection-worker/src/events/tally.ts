import type { EventData } from '@flotilla/contracts';
import type { Vote } from '@flotilla/history';
import { addressesOf } from './party.ts';

type Result = NonNullable<EventData<'messages.update'>['vote']>['result'];

/**
 * Counts votes: those that the history has, and those of this batch, which are not written yet.
 * @param stored how a poll stands in the history
 */
export function createTally(stored: (messageId: string) => Promise<Result>) {
  const polls = new Map<string, Result>();
  return {
    /**
     * How a poll stands after a vote, which takes the place of the voter's last one.
     * @param options the poll's, in order, as far as they are known
     */
    async add(messageId: string, options: readonly string[], { voter, options: chosen }: Vote): Promise<Result> {
      const before = polls.get(messageId) ?? (await stored(messageId));
      const votersOf = new Map(before.map(({ option, voters }) => [option, voters]));
      const names = new Set([...options, ...votersOf.keys(), ...chosen]);
      const same = addressesOf(voter);
      const result = [...names].map((option) => ({
        option,
        voters: [
          ...(votersOf.get(option) ?? []).filter((jid) => !same.includes(jid)),
          ...(chosen.includes(option) ? [voter.jid] : []),
        ],
      }));
      polls.set(messageId, result);
      return result;
    },
  };
}
