import { describe, expect, it } from 'vitest';
import { rangeOf } from './byte-range.ts';
import { contentDisposition, contentType } from './media-headers.ts';

describe('a range', () => {
  it.each([
    [undefined, undefined],
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=0-', { start: 0, end: 9 }],
    ['bytes = 3 - 5', { start: 3, end: 5 }],
    ['bytes=3-500', { start: 3, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-300', { start: 0, end: 9 }],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=5-3', undefined],
    ['bytes=-', undefined],
    ['bytes=0-1,4-5', undefined],
    ['items=0-1', undefined],
    ['bytes=x-1', undefined],
  ])('%s of ten bytes', (header, range) => expect(rangeOf(header, 10)).toEqual(range));

  it('of nothing lies outside', () => {
    expect(rangeOf('bytes=0-', 0)).toBe('unsatisfiable');
    expect(rangeOf('bytes=-1', 0)).toBe('unsatisfiable');
  });
});

describe('headers of a file', () => {
  it.each([
    ['image/png', 'a.png', 'inline; filename="a.png"'],
    ['audio/ogg; codecs=opus', undefined, 'inline; filename="med_x"'],
    ['text/html', 'a.html', 'attachment; filename="a.html"'],
    ['image/svg+xml', 'a.svg', 'attachment; filename="a.svg"'],
    ['x/y', 'a"b\r\nx: y/../c', `attachment; filename="a_b__x: y_.._c"; filename*=UTF-8''a%22b__x%3A%20y_.._c`],
    ['x/y', 'ü 100%', `attachment; filename="_ 100_"; filename*=UTF-8''%C3%BC%20100%25`],
    ['x/y', '\ud800', `attachment; filename="_"; filename*=UTF-8''%EF%BF%BD`],
  ])('name %s %j safely', (mimeType, fileName, disposition) => {
    expect(contentDisposition({ id: 'med_x', mimeType, fileName })).toBe(disposition);
  });

  it('say no type that is none', () => {
    expect(contentType({ mimeType: 'audio/ogg; codecs=opus' })).toBe('audio/ogg; codecs=opus');
    for (const mimeType of ['nonsense', 'a/b\r\nx: y', 'a/b; ;', '']) {
      expect(contentType({ mimeType })).toBe('application/octet-stream');
    }
  });
});
