import { describe, expect, it } from 'vitest';
import { withMentions } from './mentions.ts';

const ann = '14155550123@s.whatsapp.net';

describe('mentions', () => {
  it('are written with bare digits, however they were', () => {
    for (const writing of ['@14155550123', '@+14155550123', '@+1 415 555 0123', '@+1 (415) 555-0123', '@0014155550123'])
      expect(withMentions(`Hi ${writing}!`, [ann])).toBe('Hi @14155550123!');
  });

  it('leave other numbers and words alone', () => {
    for (const text of ['@141555501234', '14155550123', '@4155550123', 'mail@+1', 'a@b'])
      expect(withMentions(text, [ann])).toBe(text);
  });

  it('may be several, and LIDs', () => {
    expect(withMentions('@+1 415 555 0123 @987654321', [ann, '987654321@lid'])).toBe('@14155550123 @987654321');
    expect(withMentions('nobody')).toBe('nobody');
  });
});
