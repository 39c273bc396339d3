import { describe, expect, it } from 'vitest';
import { argb } from './status.ts';

describe('a colour', () => {
  it('has its alpha in front, as WhatsApp wants it', () => {
    expect(argb('#336699')).toBe(0xff336699);
    expect(argb('#33669980')).toBe(0x80336699);
  });
});
