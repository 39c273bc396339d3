import { describe, expect, it } from 'vitest';
import { firstLink } from './link-preview.ts';

describe('the first link of a text', () => {
  it.each([
    ['See https://example.com/a.', 'https://example.com/a'],
    ['(http://example.com/b?c=d#e), and https://x.test', 'http://example.com/b?c=d#e'],
    ['HTTPS://EXAMPLE.COM!', 'HTTPS://EXAMPLE.COM'],
    ['ftp://example.com and example.com', undefined],
  ])('of "%s" is %s', (text, link) => {
    expect(firstLink(text)).toBe(link);
  });
});
