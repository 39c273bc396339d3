import { describe, expect, it } from 'vitest';
import { fingerprint, idempotencyKey } from './idempotency.ts';
import { preferredType } from './media-type.ts';
import { preferredWait } from './prefer.ts';

describe('Prefer', () => {
  it.each([
    ['wait=10', 10],
    ['WAIT=10', 10],
    ['wait = 10', 10],
    ['wait="10"', 10],
    ['respond-async, wait=5', 5],
    ['respond-async; wait=5', 5],
    ['wait=600', 60],
    ['wait=0', 0],
    ['await=5', 0],
    ['wait=5s', 0],
    ['wait=1.5', 0],
    ['', 0],
    [undefined, 0],
    [['return=minimal', 'wait=7'], 7],
  ])('%j means %d s', (header, seconds) => {
    expect(preferredWait(header)).toBe(seconds);
  });
});

describe('Accept', () => {
  const offered = ['application/json', 'image/png', 'text/plain'] as const;
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['image/png', 'image/png'],
    ['IMAGE/PNG', 'image/png'],
    ['image/*', 'image/png'],
    ['text/html, text/plain;q=0.5', 'text/plain'],
    ['image/png;q=0.1, text/plain;q=0.2', 'text/plain'],
    ['image/avif,image/webp,image/*,*/*;q=0.8', 'image/png'],
    ['application/json;q=0, */*', 'image/png'],
    ['application/pdf', 'application/json'],
    ['nonsense;;q=', 'application/json'],
  ])('%s gives %s', (accept, type) => {
    expect(preferredType(accept, offered)).toBe(type);
  });
});

describe('Idempotency-Key', () => {
  it.each([
    ['abc', 'abc'],
    ['"abc"', 'abc'],
    [' "a b" ', 'a b'],
    ['"a\\"b\\\\"', 'a"b\\'],
    ['a"b', 'a"b'],
    [undefined, undefined],
  ])('%s is %s', (header, key) => {
    expect(idempotencyKey(header)).toBe(key);
  });

  it('stands for a command and its body, whatever the order of fields', () => {
    const print = fingerprint('send.text', { to: '1', text: 'x', nested: { a: [1, { b: 2, c: 3 }] } });
    expect(fingerprint('send.text', { nested: { a: [1, { c: 3, b: 2 }] }, text: 'x', to: '1' })).toBe(print);
    expect(fingerprint('send.text', { to: '1', text: 'x', nested: { a: [{ b: 2, c: 3 }, 1] } })).not.toBe(print);
    expect(fingerprint('send.other', { to: '1', text: 'x', nested: { a: [1, { b: 2, c: 3 }] } })).not.toBe(print);
  });
});
