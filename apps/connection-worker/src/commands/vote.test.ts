import { createHash, randomBytes } from 'node:crypto';
import { decryptPollVote } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { encryptVote } from './vote.ts';

const hash = (option: string) => createHash('sha256').update(option).digest();

describe('votes', () => {
  const secret = randomBytes(32);
  const parties = { author: '100@s.whatsapp.net', voter: '200@lid' };
  const names = { pollCreatorJid: parties.author, pollMsgId: 'POLL1', pollEncKey: secret, voterJid: parties.voter };

  it('can be decrypted by Baileys', () => {
    const chosen = [hash('Soup'), hash('Salad')];
    const encrypted = encryptVote(chosen, { pollId: 'POLL1', ...parties, secret });
    const { selectedOptions } = decryptPollVote(encrypted, names);
    expect(selectedOptions?.map((option) => Buffer.from(option))).toEqual(chosen);
    expect(decryptPollVote(encryptVote([], { pollId: 'POLL1', ...parties, secret }), names).selectedOptions).toEqual(
      [],
    );
  });

  it('are good for one poll and one voter only', () => {
    const encrypted = encryptVote([hash('Soup')], { pollId: 'POLL1', ...parties, secret });
    expect(() => decryptPollVote(encrypted, { ...names, pollMsgId: 'POLL2' })).toThrow();
    expect(() => decryptPollVote(encrypted, { ...names, voterJid: '300@lid' })).toThrow();
  });
});
