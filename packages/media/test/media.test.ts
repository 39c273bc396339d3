import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { newId, receivedMediaId } from '@flotilla/contracts';
import { eventually } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { decodeBase64 } from '../src/base64.ts';
import { content, hashOf, read, text } from './content.ts';
import { mediaTest } from './scene.ts';

const [tenant, other] = [newId('tenant'), newId('tenant')];
const filesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

describe('a file', () => {
  mediaTest('is found with what is known of it, by its tenant only', async ({ media }) => {
    const record = await media.put(tenant, text('hello'), { mimeType: 'text/plain', fileName: '../a.txt' });
    expect(record).toMatchObject({
      id: expect.stringMatching(/^med_/),
      tenant,
      mimeType: 'text/plain',
      fileName: '../a.txt',
      size: 5,
      sha256: await hashOf(text('hello')),
      expiresAt: record.createdAt + 1_000_000,
    });
    expect(await media.find(tenant, record.id)).toEqual(record);
    expect(await read((await media.open(tenant, record.id, { range: { start: 1, end: 2 } }))?.stream)).toBe('el');
    for (const [who, id] of [
      [other, record.id],
      [tenant, newId('media')],
      [tenant, '../../etc/passwd'],
    ] as const) {
      expect(await media.find(who, id)).toBeUndefined();
      expect(await media.open(who, id)).toBeUndefined();
      expect(await media.saveTo(who, id, '/nowhere')).toBeUndefined();
      expect(await media.remove(who, id)).toBe(false);
    }
  });

  mediaTest('gets the type that it looks like if nobody says one', async ({ media }) => {
    const png = decodeBase64(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    );
    expect(png && (await media.put(tenant, png.content)).mimeType).toBe('image/png');
    expect((await media.put(tenant, text('?'), { mimeType: 'application/octet-stream' })).mimeType).toBe(
      'application/octet-stream',
    );
    expect((await media.put(tenant, text())).size).toBe(0);
  });

  mediaTest('is copied to the disk for whoever works on it', async ({ media, folder }) => {
    const { id } = await media.put(tenant, text('on disk'));
    expect(await media.saveTo(tenant, id, join(folder, 'copy'))).toMatchObject({ id, size: 7 });
    expect(await readFile(join(folder, 'copy'), 'utf8')).toBe('on disk');
  });

  mediaTest('of a message is replaced when it is fetched again', async ({ media, usage, folder }) => {
    const id = receivedMediaId('ins_a', 'chat', '3EB0');
    const first = await media.put(tenant, text('first'), { id, instance: 'ins_a' });
    const second = await media.put(tenant, text('the second'), { id, instance: 'ins_a' });
    expect(second.data).not.toBe(first.data);
    expect(await read((await media.open(tenant, id))?.stream)).toBe('the second');
    expect(await usage.of(tenant)).toBe(10);
    expect(await filesIn(folder)).toHaveLength(2);
  });

  mediaTest('that comes again with a request is stored once', async ({ media, usage, folder }) => {
    const details = { mimeType: 'text/plain', fileName: 'a' };
    const first = await media.putContent(tenant, text('same'), details);
    await eventually(() => Date.now() > first.createdAt);
    const second = await media.putContent(tenant, text('sa', 'me'), details);
    expect(second).toMatchObject({ id: first.id, data: first.data });
    expect(second.expiresAt).toBeGreaterThan(first.expiresAt ?? 0);
    expect(await usage.of(tenant)).toBe(4);
    expect(await filesIn(folder)).toHaveLength(2);
    expect((await media.putContent(tenant, text('other'), details)).id).not.toBe(first.id);
    expect((await media.putContent(tenant, text('same'), { ...details, fileName: 'b' })).id).not.toBe(first.id);
    expect((await media.putContent(other, text('same'), details)).id).not.toBe(first.id);
  });

  mediaTest('is gone when it has expired, or was removed', async ({ open, usage, folder }) => {
    const brief = open({ retentionMs: 1 });
    const { id } = await brief.put(tenant, text('brief'));
    await eventually(async () => (await brief.find(tenant, id)) === undefined);
    const lasting = open({ retentionMs: 0 });
    const kept = await lasting.put(tenant, text('kept'));
    expect(kept.expiresAt).toBeUndefined();
    expect(await lasting.remove(tenant, kept.id)).toBe(true);
    expect(await lasting.remove(tenant, kept.id)).toBe(false);
    expect(await lasting.remove(tenant, id)).toBe(false);
    expect(await usage.of(tenant)).toBe(0);
    expect(await filesIn(folder)).toEqual([]);
  });
});

describe('limits', () => {
  mediaTest('of a file and of a tenant', async ({ media, usage, folder }) => {
    await expect(media.put(tenant, content(1_001))).rejects.toMatchObject({ code: 'MEDIA_TOO_LARGE', detail: '1000' });
    await media.put(tenant, content(1_000));
    await media.put(tenant, content(1_000));
    await expect(media.put(tenant, content(501))).rejects.toMatchObject({ code: 'MEDIA_QUOTA_EXCEEDED' });
    await expect(media.putContent(tenant, content(501))).rejects.toMatchObject({ code: 'MEDIA_QUOTA_EXCEEDED' });
    await media.put(tenant, content(500));
    await expect(media.put(tenant, text('x'))).rejects.toMatchObject({ code: 'MEDIA_QUOTA_EXCEEDED', detail: '2500' });
    expect(await usage.of(tenant)).toBe(2_500);
    await media.put(other, content(1_000));
    expect(await filesIn(folder)).toHaveLength(8);
  });

  mediaTest('hold against uploads at the same time', async ({ media, usage }) => {
    const uploads = await Promise.allSettled(Array.from({ length: 8 }, () => media.put(tenant, content(900))));
    expect(uploads.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await usage.of(tenant)).toBe(1_800);
  });

  mediaTest('of 0 are none', async ({ open }) => {
    const media = open({ fileBytes: 0, tenantBytes: 0 });
    expect((await media.put(tenant, content(3_000_000))).size).toBe(3_000_000);
  });
});

describe('a file from a URL', () => {
  const served = mediaTest.extend('base', async ({ redis: _ }, { onCleanup }) => {
    const server = createServer((request, response) => {
      if (request.url === '/stalls') return void response.writeHead(200).write('begin');
      if (request.url === '/zipped') return void response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
      if (request.url === '/named')
        response.setHeader('content-disposition', `attachment; filename="x"; filename*=UTF-8''%C3%A4%2F..%2Fb.txt`);
      response.writeHead(200, { 'content-type': 'Text/Plain; charset=utf-8' }).end('fetched');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onCleanup(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  served('is stored, or fetched to the disk', async ({ media, base, folder }) => {
    expect(await media.putFromUrl(tenant, `${base}/a%20b.txt?q=1`)).toMatchObject({
      mimeType: 'text/plain; charset=utf-8',
      fileName: 'a b.txt',
      size: 7,
    });
    expect(await media.putFromUrl(tenant, `${base}/named`, { mimeType: 'x/y' })).toMatchObject({
      mimeType: 'x/y',
      fileName: 'b.txt',
    });
    const path = join(folder, 'fetched');
    expect(await media.fetchToFile(`${base}/`, path)).toMatchObject({ path, size: 7, fileName: undefined });
    expect(await readFile(path, 'utf8')).toBe('fetched');
    await expect(media.fetchToFile(`${base}/`, path, { maxBytes: 6 })).rejects.toMatchObject({
      code: 'MEDIA_TOO_LARGE',
    });
  });

  served('is given up when it takes too long, is compressed or not wanted any more', async ({ open, base }) => {
    const media = open({ fetchTimeoutMs: 300 });
    const failure = { code: 'MEDIA_SOURCE_FAILED' };
    await expect(media.putFromUrl(tenant, `${base}/stalls`)).rejects.toMatchObject(failure);
    await expect(media.putFromUrl(tenant, `${base}/zipped`)).rejects.toMatchObject(failure);
    const abort = new AbortController();
    const fetching = open().putFromUrl(tenant, `${base}/stalls`, { signal: abort.signal });
    setTimeout(() => abort.abort(new Error('not wanted')), 100);
    await expect(fetching).rejects.toThrow('not wanted');
  });

  served('is not fetched from inside the network', async ({ media, base }) => {
    for (const url of ['http://10.0.0.1/', 'http://169.254.169.254/latest', 'file:///etc/passwd', 'nonsense']) {
      expect(media.checkUrl(url), url).toEqual(expect.any(String));
      await expect(media.putFromUrl(tenant, url), url).rejects.toMatchObject({ code: 'MEDIA_SOURCE_FAILED' });
    }
    expect(media.checkUrl(`${base}/x`)).toBeUndefined();
  });
});

describe('base64', () => {
  mediaTest('is read in its usual writings', async ({ redis: _ }) => {
    const long = 'ÿ'.repeat(100_000);
    const base64 = Buffer.from(long).toString('base64');
    for (const writing of [base64, base64.replace(/=+$/, ''), base64.replace(/(.{76})/g, '$1\r\n')])
      expect(await read(decodeBase64(writing)?.content)).toBe(long);
    expect(await read(decodeBase64(Buffer.from(long).toString('base64url'))?.content)).toBe(long);
    const url = decodeBase64('data:image/png;charset=x;base64,QUJD');
    expect([url?.mimeType, await read(url?.content)]).toEqual(['image/png', 'ABC']);
    for (const nonsense of ['', '=', 'A', 'QUJDR', 'QÜ==', 'data:text/plain,hello', 'QU=JD'])
      expect(decodeBase64(nonsense), nonsense).toBeUndefined();
  });
});
