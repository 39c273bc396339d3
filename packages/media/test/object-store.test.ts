import { eventually } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { content, hashOf, read, text } from './content.ts';
import { storeKinds, storeTest } from './stores.ts';

const noLimit = { maxBytes: Number.POSITIVE_INFINITY };

const tests = storeKinds.map((kind) => ({ kind, it: storeTest(kind) }));

describe.each(tests)('a store in a $kind', ({ it }) => {
  it('gives back what was put, whole or in part', async ({ store }) => {
    const stored = await store.put('a/b/c.txt', text('hello ', 'world'), noLimit);
    expect(stored).toEqual({ size: 11, sha256: await hashOf(text('hello world')) });
    expect(await read(await store.get('a/b/c.txt'))).toBe('hello world');
    expect(await read(await store.get('a/b/c.txt', { range: { start: 6, end: 8 } }))).toBe('wor');
    const info = await store.head('a/b/c.txt');
    expect(info).toMatchObject({ key: 'a/b/c.txt', size: 11 });
    expect(Math.abs((info?.modifiedAt ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('takes 12 MB of unknown length, in parts', async ({ store }) => {
    const { size, sha256 } = await store.put('large', content(12_000_000), noLimit);
    expect(size).toBe(12_000_000);
    expect(sha256).toBe(await hashOf(content(12_000_000)));
    const stream = await store.get('large');
    expect(stream && (await hashOf(stream))).toBe(sha256);
  });

  it('takes nothing at all', async ({ store }) => {
    expect(await store.put('empty', text(), noLimit)).toMatchObject({ size: 0 });
    expect(await read(await store.get('empty'))).toBe('');
  });

  it('keeps what was there when a replacement is cut off at its limit', async ({ store }) => {
    await store.put('a', text('before'), noLimit);
    await expect(store.put('a', content(6_000_001), { maxBytes: 6_000_000 })).rejects.toMatchObject({
      code: 'MEDIA_TOO_LARGE',
    });
    expect(await read(await store.get('a'))).toBe('before');
    await store.put('a', text('after'), { maxBytes: 5 });
    expect(await read(await store.get('a'))).toBe('after');
  });

  it('throws what the source throws, and stores nothing', async ({ store }) => {
    async function* broken() {
      yield* content(6_000_000);
      throw new RangeError('the source broke');
    }
    await expect(store.put('a', broken(), noLimit)).rejects.toThrow(new RangeError('the source broke'));
    expect(await store.head('a')).toBeUndefined();
    expect(await store.list({ limit: 10 })).toEqual([]);
  });

  it('stops when it is told to, and closes the source', async ({ store }) => {
    const abort = new AbortController();
    let isClosed = false;
    async function* endless() {
      try {
        for (;;) {
          yield* content(65_536);
          abort.abort(new Error('enough'));
        }
      } finally {
        isClosed = true;
      }
    }
    await expect(store.put('a', endless(), { ...noLimit, signal: abort.signal })).rejects.toThrow('enough');
    await eventually(() => isClosed);
    expect(await store.head('a')).toBeUndefined();
  });

  it('says that there is no such object', async ({ store }) => {
    await store.put('b', text('x'), noLimit);
    expect(await store.get('a')).toBeUndefined();
    expect(await store.head('a')).toBeUndefined();
    await store.remove('a');
    expect(await store.move('a', 'c')).toBe(false);
  });

  it('moves and removes', async ({ store }) => {
    await store.put('incoming/x', text('moved'), noLimit);
    expect(await store.move('incoming/x', 'z/9/y')).toBe(true);
    expect(await store.head('incoming/x')).toBeUndefined();
    expect(await read(await store.get('z/9/y'))).toBe('moved');
    await store.remove('z/9/y');
    expect(await store.list({ limit: 10 })).toEqual([]);
  });

  it('lists in the order of keys, page by page, below a prefix', async ({ store }) => {
    const keys = ['a/1/x.d1', 'a/1/x.json', 'a/10/y', 'a/2/z', 'b/1', 'bb/1', 'c'];
    for (const key of [...keys].reverse()) await store.put(key, text(key), noLimit);
    const paged: string[] = [];
    for (let after = ''; ; after = paged.at(-1) ?? '') {
      const page = await store.list({ after, limit: 2 });
      paged.push(...page.map(({ key }) => key));
      if (page.length < 2) break;
    }
    expect(paged).toEqual(keys);
    expect((await store.list({ prefix: 'a/1', limit: 10 })).map(({ key }) => key)).toEqual(keys.slice(0, 3));
    expect((await store.list({ prefix: 'b/', limit: 10 })).map(({ key }) => key)).toEqual(['b/1']);
    expect((await store.list({ prefix: 'a/', after: 'a/1/x.json', limit: 10 })).map(({ key }) => key)).toEqual([
      'a/10/y',
      'a/2/z',
    ]);
    expect((await store.list({ limit: 10 })).at(-1)).toMatchObject({ key: 'c', size: 1 });
  });

  it.for(['', '/etc/passwd', '../x', 'a/../../x', 'a/./b', 'a//b', 'a/', '.hidden', 'a\\b', 'a\0b', 'ä'])(
    'refuses the key %j',
    async (key, { store }) => {
      await expect(store.put(key, text('x'), noLimit)).rejects.toThrow(TypeError);
      await expect(store.get(key)).rejects.toThrow(TypeError);
      await expect(store.remove(key)).rejects.toThrow(TypeError);
      await expect(store.move('a', key)).rejects.toThrow(TypeError);
    },
  );
});

tests
  .find(({ kind }) => kind === 'S3 bucket')
  ?.it('a URL of an S3 bucket leads to the object, as it was signed and for a while', async ({ store }) => {
    await store.put('a/b', text('by link'), noLimit);
    const disposition = `attachment; filename="x y.txt"`;
    const url = await store.presign?.('a/b', { seconds: 60, contentType: 'text/x', contentDisposition: disposition });
    const answer = await fetch(url ?? '');
    expect([answer.status, await answer.text()]).toEqual([200, 'by link']);
    expect(answer.headers.get('content-type')).toContain('text/x');
    expect(answer.headers.get('content-disposition')).toBe(disposition);
    expect((await fetch((url ?? '').replace('/a/b', '/a/c'))).status).toBeGreaterThanOrEqual(400);
  });
