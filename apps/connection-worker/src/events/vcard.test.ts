import { describe, expect, it } from 'vitest';
import { readVcard } from './vcard.ts';

describe('a contact card', () => {
  it.each([
    ['BEGIN:VCARD\nFN:Ann\nTEL;waid=491511:+49 1511\nEND:VCARD', 'Ann', ['491511']],
    ['BEGIN:VCARD\r\nFN:Ann\r\nitem1.TEL;type=CELL;waid=491511:+49 1511\r\nEND:VCARD', 'Ann', ['491511']],
    ['FN:A\\, B\nTEL:+49 30 1\nTEL;VALUE=uri:tel:+49-30-2', 'A, B', ['+49 30 1', '+49-30-2']],
    ['FN:Very long na\n me\nTEL;TYPE=\n CELL:1', 'Very long name', ['1']],
    ['no card at all', '', []],
  ])('%j', (vcard, name, phones) => {
    expect(readVcard(vcard)).toEqual({ name, phones, vcard });
  });

  it('is called what the message calls it', () => {
    expect(readVcard('FN:On the card', 'In the message').name).toBe('In the message');
  });

  it('has an end, however many numbers somebody writes into it', () => {
    expect(readVcard('TEL:1\n'.repeat(100_000)).phones).toHaveLength(50);
  });
});
