import { createHash } from 'node:crypto';
import type { proto } from '@whiskeysockets/baileys';

/** The options of a poll by what votes name them: the SHA-256 of their text. */
export const optionNames = (options: readonly string[]): ReadonlyMap<string, string> =>
  new Map(options.map((name) => [createHash('sha256').update(name).digest('hex'), name]));

/** The options that a vote has chosen, by name; one that the poll does not have is left out. */
export const votedFor = (
  { selectedOptions }: proto.Message.IPollVoteMessage,
  names: ReadonlyMap<string, string>,
): string[] => (selectedOptions ?? []).flatMap((hash) => names.get(Buffer.from(hash).toString('hex')) ?? []);
