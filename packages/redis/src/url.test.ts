import { describe, expect, test } from 'vitest';
import { parseRedisUrl } from './url.ts';

const open = { tls: false, username: undefined, password: undefined };

describe('a Redis URL', () => {
  test('of one server stays as it is', () => {
    for (const url of ['redis://:p@h:6379/3', 'rediss://h'])
      expect(parseRedisUrl(url)).toEqual({ kind: 'single', url });
  });

  test('of a cluster names some of its nodes', () => {
    expect(parseRedisUrl('redis+cluster://a:7000,10.0.0.2:7001,[::1]:7002,d/')).toEqual({
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 7_000 },
        { host: '10.0.0.2', port: 7_001 },
        { host: '::1', port: 7_002 },
        { host: 'd', port: 6_379 },
      ],
      ...open,
    });
  });

  test('with Sentinels ends with the name of the master', () => {
    expect(parseRedisUrl('rediss+sentinel://me:p%40ss%2Fword@a,b:5/main')).toEqual({
      kind: 'sentinel',
      sentinels: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 5 },
      ],
      master: 'main',
      tls: true,
      username: 'me',
      password: 'p@ss/word',
    });
    expect(parseRedisUrl('redis+sentinel://:only@a/main')).toMatchObject({ username: undefined, password: 'only' });
  });

  test.each([
    ['http://a', 'use redis://host:port'],
    ['redis+cluster://', 'use redis://host:port'],
    ['redis+cluster://a:1/0', 'end it with the last port'],
    ['redis+cluster://a:1, b:2', 'separate several by commas'],
    ['redis+cluster://a:99999', 'separate several by commas'],
    ['redis+cluster://a,,b', 'separate several by commas'],
    ['redis+sentinel://a:1', 'add /<master name>'],
    ['redis+sentinel://a:1/', 'add /<master name>'],
  ])('%s is refused with the cure', (url, cure) => {
    expect(() => parseRedisUrl(url)).toThrow(/^REDIS_URL/);
    expect(() => parseRedisUrl(url)).toThrow(cure);
  });

  test('is not repeated by the refusal', () => {
    expect(() => parseRedisUrl('redis+cluster://me:hunter2@a:b')).toThrow(/^(?!.*hunter2)/);
  });
});
