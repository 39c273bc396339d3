import { describe, expect, test } from 'vitest';
import { withAddresses } from './addresses.ts';

describe('addresses in the input of a request', () => {
  test.each([
    [{ contact: '+1 (415) 555-0123' }, { contact: '14155550123@s.whatsapp.net' }],
    [{ chat: '120363023456789012@g.us' }, { chat: '120363023456789012@g.us' }],
    [{ group: '120363023456789012' }, { group: '120363023456789012@g.us' }],
    [{ newsletter: '120363023456789012@newsletter' }, { newsletter: '120363023456789012@newsletter' }],
    [
      { participants: ['+14155550123', '77777777777@lid'] },
      { participants: ['14155550123@s.whatsapp.net', '77777777777@lid'] },
    ],
    [{ code: 'https://chat.whatsapp.com/AbCdEfGh1234' }, { code: 'AbCdEfGh1234' }],
    [
      { subject: 'a subject stays as it is', size: 3 },
      { subject: 'a subject stays as it is', size: 3 },
    ],
  ])('%j becomes %j', (input, expected) => {
    expect(withAddresses(input)).toEqual(expected);
  });

  test.each([
    [{ contact: 'Ann 4155550123' }, /^contact: contains letters/],
    [{ group: '14155550123@s.whatsapp.net' }, /^group: is not the JID of a group/],
    [{ participants: ['+14155550123', '12'] }, /^participants\/1: is too short/],
    [{ participants: ['120363023456789012@g.us'] }, /^participants\/0: is a group/],
    [{ code: 'https://example.com/x' }, /^code: is no invite code/],
  ])('%j is refused with the field and the cure', (input, message) => {
    expect(() => withAddresses(input)).toThrow(
      expect.objectContaining({ code: 'VALIDATION', message: expect.stringMatching(message) }),
    );
  });
});
