import type { Party, Reaction } from '@flotilla/contracts';

/** What one person has chosen in a poll. */
export interface Vote {
  voter: Party;
  /** Unix ms. */
  at: number;
  /** The options by name; none if everything was taken back. */
  options: readonly string[];
}

/** A person by the address that changes least, so that a second response takes the place of the first. */
const personOf = ({ lid, phone, jid }: Party) => (lid ?? phone ?? jid).replace(/(:\d+)?(@.*)?$/, '');

/** The field of a response in the hash of all responses to a message. */
export const responseField = (response: Reaction | Vote) =>
  'emoji' in response ? `r:${personOf(response.sender)}` : `v:${personOf(response.voter)}`;

export const encodeResponse = (response: Reaction | Vote) => JSON.stringify(response);

/** Reactions and votes of one message from the hash, the earliest first. */
export function decodeResponses(fields: Record<string, string>): { reactions: Reaction[]; votes: Vote[] } {
  const reactions: Reaction[] = [];
  const votes: Vote[] = [];
  for (const [field, value] of Object.entries(fields)) {
    if (field.startsWith('r:')) reactions.push(JSON.parse(value));
    else if (field.startsWith('v:')) votes.push(JSON.parse(value));
  }
  const byTime = (a: { at: number }, b: { at: number }) => a.at - b.at;
  return { reactions: reactions.sort(byTime), votes: votes.sort(byTime) };
}

/** How a poll stands: its options in their order, then what was voted for and is not among them. */
export function pollResult(options: readonly string[], votes: readonly Vote[]) {
  const names = new Set([...options, ...votes.flatMap((vote) => vote.options)]);
  return [...names].map((option) => ({
    option,
    voters: votes.filter((vote) => vote.options.includes(option)).map(({ voter }) => voter.jid),
  }));
}
