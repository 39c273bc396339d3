import { expect, it } from 'vitest';
import { isMet } from '../src/bench.ts';
import { measureCrypto } from '../src/crypto/crypto.ts';

it('signing and verifying cost a small part of what they do in the library as it is installed', {
  timeout: 120_000,
}, async () => {
  const { targets, invalid } = await measureCrypto({ rounds: 3, part: 0.25 });
  expect(invalid).toBeUndefined();
  expect(targets.map(({ name }) => name.split(',')[0])).toEqual([
    'sign',
    'verify',
    'generate',
    'agree',
    '812 pre-keys',
    'pause for 812 pre-keys',
  ]);
  // The others are no factors of ten, and for a machine that does nothing else.
  for (const target of targets.slice(0, 2)) expect(isMet(target), target.name).toBe(true);
});
