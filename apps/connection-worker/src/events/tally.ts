import type { EventData } from '@flotilla/contracts';
import { decodeResponses, pollResult, type Vote } from '@flotilla/history';
import { samePerson } from './party.ts';

type Result = NonNullable<EventData<'messages.update'>['vote']>['result'];

/**
 * Counts votes: those that the history has, and those of this batch, which are not written yet.
 * @param responses reads the fields of `instanceKeys.historyResponses`
 */
export function createTally(responses: (messageId: string) => Promise<Record<string, string>>) {
  const polls = new Map<string, Vote[]>();
  return {
    /**
     * How a poll stands after a vote, which takes the place of the voter's last one.
     * @param options the poll's, in order, as far as they are known
     */
    async add(messageId: string, options: readonly string[], vote: Vote): Promise<Result> {
      const before = polls.get(messageId) ?? decodeResponses(await responses(messageId)).votes;
      const votes = [...before.filter(({ voter }) => !samePerson(voter, vote.voter)), vote];
      polls.set(messageId, votes);
      return pollResult(options, votes);
    },
  };
}
