import { describe, expect, it } from 'vitest';
import { createFilter, unknownPattern } from './filter.ts';

const upsert = { instance: 'ins_a', type: 'messages.upsert' };

describe('a filter', () => {
  it.each([
    [[], [], true],
    [['ins_a'], [], true],
    [['ins_b', 'ins_a'], [], true],
    [['ins_b'], [], false],
    [[], ['*'], true],
    [[], ['messages.upsert'], true],
    [[], ['messages.*'], true],
    [[], ['connection.*', 'messages.update'], false],
    [['ins_b'], ['messages.*'], false],
  ])('of instances %j and types %j: %s', (instances, patterns, expected) => {
    expect(createFilter(instances, patterns)(upsert)).toBe(expected);
  });

  it('shows types that are younger than the gateway', () => {
    const younger = { instance: 'ins_a', type: 'messages.telepathy' };
    expect(createFilter([], [])(younger)).toBe(true);
    expect(createFilter([], ['messages.*'])(younger)).toBe(true);
    expect(createFilter([], ['messages.upsert'])(younger)).toBe(false);
  });
});

describe('a pattern', () => {
  it.each([
    [['*', 'messages.upsert', 'connection.*'], undefined],
    [['messages.upsert', 'messages.upsrt'], 'messages.upsrt'],
    [['message.*'], 'message.*'],
    [['messages*'], 'messages*'],
    [['messages.'], 'messages.'],
  ])('among %j that names nothing is %s', (patterns, expected) => {
    expect(unknownPattern(patterns)).toBe(expected);
  });
});
