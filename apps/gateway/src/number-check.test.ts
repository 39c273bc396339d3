import { expect, test } from 'vitest';
import { checkOf } from './number-check.ts';

test('numbers are asked for once each, and answered in the order and writing of the question', () => {
  const { input, answer } = checkOf({ numbers: ['+1 415 555 0123', 'Ann', '14155550123', '77777777777@lid'] });
  expect(input).toEqual({ numbers: ['14155550123@s.whatsapp.net'] });
  const jid = '14155550123@s.whatsapp.net';
  expect(answer({ results: [{ number: jid, exists: true, jid, lid: '77@lid' }] })).toEqual({
    results: [
      { number: '+1 415 555 0123', exists: true, jid, lid: '77@lid' },
      { number: 'Ann', exists: false, error: expect.stringMatching(/contains letters/) },
      { number: '14155550123', exists: true, jid, lid: '77@lid' },
      { number: '77777777777@lid', exists: false, error: expect.stringMatching(/only numbers/) },
    ],
  });
});
