import { describe, expect, it } from 'vitest';
import { readVcard } from '../events/vcard.ts';
import { SendRefused } from './handler.ts';
import { vcardOf } from './vcard.ts';

describe('contact cards', () => {
  it('can be read again as they were meant', () => {
    const vcard = vcardOf({ name: 'Smith, Ben; Jr.', phones: ['+44 20 7946 0958', '0049 30 123456'] });
    expect(readVcard(vcard)).toMatchObject({ name: 'Smith, Ben; Jr.', phones: ['442079460958', '4930123456'] });
  });

  it('cannot be broken out of by a name', () => {
    const vcard = vcardOf({ name: 'Ben\r\nTEL:666', phones: ['+442079460958'], organization: 'A\nEND:VCARD' });
    expect(vcard.split('\n')).toHaveLength(7);
    expect(readVcard(vcard).phones).toEqual(['442079460958']);
  });

  it('are refused without anything to call, and with what is no number or no card', () => {
    for (const contact of [
      { name: 'Ben' },
      { name: 'Ben', phones: ['call me'] },
      { name: 'Ben', phones: ['0123'] },
      { name: 'Ben', vcard: 'FN:Ben' },
    ])
      expect(() => vcardOf(contact)).toThrow(SendRefused);
  });
});
