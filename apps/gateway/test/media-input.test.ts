import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { newId } from '@flotilla/contracts';
import { type MediaSettings, openMedia } from '@flotilla/media';
import { redisTest } from '@flotilla/testkit';
import fastify, { type FastifyError } from 'fastify';
import Type from 'typebox';
import { describe, expect } from 'vitest';
import { fingerprint } from '../src/idempotency.ts';
import { settleMedia } from '../src/media-input.ts';
import { multipartBodies } from '../src/plugins/multipart.ts';
import { config } from './gateway.ts';

const tenant = newId('tenant');
const base64 = Buffer.from('the same file').toString('base64');

const inputTest = redisTest
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture depends on
  .extend('folder', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'flotilla-media-'));
    onCleanup(() => rm(folder, { recursive: true }));
    return folder;
  })
  .extend('media', async ({ redis, folder }, { onCleanup }) => {
    const settings: MediaSettings = { ...config, MEDIA_DIR: folder, MEDIA_MAX_FILE_BYTES: 1_000 };
    const media = openMedia(settings, redis);
    onCleanup(media.close);
    return media;
  });

const recordsIn = async (folder: string) =>
  (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.json'));

describe('files within a command', () => {
  inputTest('are stored, and stand in the queue by their id', async ({ media, folder }) => {
    const body = {
      to: '1',
      media: { base64, mimeType: 'text/plain', fileName: 'a.txt' },
      items: [{ type: 'image', media: { base64, mimeType: 'image/png' } }, { text: 'media' }],
    };
    const settled = await settleMedia(media, tenant, body);
    expect(settled).toEqual({
      to: '1',
      media: { id: expect.stringMatching(/^med_/), mimeType: 'text/plain', fileName: 'a.txt' },
      items: [
        { type: 'image', media: { id: expect.stringMatching(/^med_/), mimeType: 'image/png' } },
        { text: 'media' },
      ],
    });
    expect(JSON.stringify(settled)).not.toContain(base64);
    expect(await recordsIn(folder)).toHaveLength(2);
    expect(body.media.base64).toBe(base64);
  });

  inputTest('make the same fingerprint each time, and another for another file', async ({ media, folder }) => {
    const print = async (text: string) =>
      fingerprint('send.document', await settleMedia(media, tenant, { to: '1', media: { base64: btoa(text) } }));
    expect(await print('one')).toBe(await print('one'));
    expect(await print('one')).not.toBe(await print('two'));
    expect(await recordsIn(folder)).toHaveLength(2);
  });

  inputTest('that are elsewhere stay there', async ({ media }) => {
    const { id } = await media.put(tenant, Readable.from([Buffer.from('x')]));
    const body = { media: { id, fileName: 'a' }, items: [{ media: { url: 'https://example.com/a.png' } }] };
    expect(await settleMedia(media, tenant, body)).toEqual(body);
    expect(await settleMedia(media, tenant, { text: 'no file', media: 'not one either' })).toEqual({
      text: 'no file',
      media: 'not one either',
    });
  });

  inputTest('are refused where they cannot be had', async ({ media }) => {
    const foreign = await media.putContent(newId('tenant'), Readable.from([Buffer.from('x')]));
    const refusal = (input: object) =>
      settleMedia(media, tenant, { items: [{ media: input }] }).catch((error: FastifyError) => error);
    const at = 'body/items/0/media';
    for (const [input, code, message] of [
      [{ id: foreign.id }, 'MEDIA_NOT_FOUND', foreign.id],
      [{ id: 'nonsense' }, 'MEDIA_NOT_FOUND', 'nonsense'],
      [{ url: 'http://10.0.0.1/' }, 'VALIDATION', `${at}/url: points inside the network`],
      [{ base64: '!' }, 'VALIDATION', `${at}/base64: must be base64`],
      [{}, 'VALIDATION', `${at}: must have exactly one of url, base64, id`],
      [{ base64, id: foreign.id }, 'VALIDATION', `${at}: must have exactly one`],
      [{ base64: btoa('x'.repeat(1_001)) }, 'MEDIA_TOO_LARGE', '1000'],
    ] as const)
      expect(await refusal(input)).toMatchObject({ code, message: expect.stringContaining(message) });
  });
});

describe('a form in place of JSON', () => {
  const formTest = inputTest.extend('post', async ({ media }, { onCleanup }) => {
    const app = fastify();
    app.decorateRequest('holder', undefined);
    app.addHook('onRequest', async (request) => {
      request.holder = { tenant, keyId: 'key', scopes: [] };
    });
    await app.register(multipartBodies, { media });
    const file = Type.Object({ id: Type.String() }, { additionalProperties: false });
    const message = Type.Object(
      {
        to: Type.String(),
        caption: Type.Optional(Type.String()),
        ttl: Type.Optional(Type.Integer()),
        viewOnce: Type.Optional(Type.Boolean()),
        mentions: Type.Optional(Type.Array(Type.String())),
        media: file,
        thumbnail: Type.Optional(file),
      },
      { additionalProperties: false },
    );
    const item = Type.Object({ type: Type.String(), media: file, caption: Type.Optional(Type.String()) });
    const album = Type.Object({ to: Type.String(), items: Type.Array(item) });
    app.post('/message', { schema: { body: message } }, (request) => request.body);
    app.post('/album', { schema: { body: album } }, (request) => request.body);
    const base = await app.listen({ host: '127.0.0.1', port: 0 });
    onCleanup(() => {
      app.server.closeAllConnections();
      return app.close();
    });
    return async (path: string, fields: [string, string | Blob, string?][]) => {
      const form = new FormData();
      for (const [name, value, fileName] of fields)
        if (typeof value === 'string') form.append(name, value);
        else form.append(name, value, fileName);
      const answer = await fetch(`${base}${path}`, { method: 'POST', body: form, signal: AbortSignal.timeout(10_000) });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
  });
  const id = expect.stringMatching(/^med_/);

  formTest('becomes what the JSON would have been', async ({ post, media }) => {
    const { status, body } = await post('/message', [
      ['to', '123'],
      ['payload', JSON.stringify({ to: 'is overruled', mentions: ['1'], caption: '{"looks": "like JSON"}' })],
      ['file', new Blob(['picture'], { type: 'image/png' }), 'a.png'],
      ['ttl', '60'],
      ['viewOnce', 'true'],
      ['thumbnail', new Blob(['small']), 'b'],
    ]);
    expect([status, body]).toEqual([
      200,
      {
        to: '123',
        mentions: ['1'],
        caption: '{"looks": "like JSON"}',
        media: { id },
        ttl: 60,
        viewOnce: true,
        thumbnail: { id },
      },
    ]);
    const stored = (body.media as { id: string }).id;
    expect(await media.find(tenant, stored)).toMatchObject({ mimeType: 'image/png', fileName: 'a.png', size: 7 });
    const again = await post('/message', [
      ['to', '123'],
      ['media', new Blob(['picture'], { type: 'image/png' }), 'a.png'],
    ]);
    expect(again.body.media).toEqual({ id: stored });
  });

  formTest('may have a megabyte of texts, in however many fields', async ({ post }) => {
    const large = 'x'.repeat(600_000);
    const one = [['to', large]] as [string, string][];
    expect((await post('/album', [...one, ['items', '[]']])).status).toBe(200);
    const refused = await post('/album', [...one, ['caption', large]]);
    expect(refused).toMatchObject({ status: 400, body: { message: expect.stringContaining('1 MB together') } });
  });

  formTest('fills the items of an album in their order', async ({ post }) => {
    const { body } = await post('/album', [
      ['to', '1'],
      ['items', JSON.stringify([{ caption: 'first' }])],
      ['file', new Blob(['1'], { type: 'image/png' }), '1.png'],
      ['file', new Blob(['2'], { type: 'video/mp4' }), '2.mp4'],
    ]);
    expect(body).toEqual({
      to: '1',
      items: [
        { type: 'image', caption: 'first', media: { id } },
        { type: 'video', media: { id } },
      ],
    });
  });

  formTest('is refused before its files are stored', async ({ post, folder }) => {
    const file = new Blob(['x']);
    for (const [path, fields] of [
      ['/message', [['unknown', file, 'x']]],
      ['/message', [['toString', file, 'x']]],
      ['/message', [['payload', '[1]']]],
      ['/message', [['to', '1']]],
      ['/message', [['ttl', 'soon']]],
    ] as [string, [string, string | Blob, string?][]][])
      expect((await post(path, fields)).status, JSON.stringify(fields)).toBe(400);
    expect(await recordsIn(folder)).toEqual([]);
    expect(await post('/message', [['file', new Blob(['x'.repeat(1_001)]), 'x']])).toMatchObject({
      body: { code: 'MEDIA_TOO_LARGE' },
    });
    expect(await recordsIn(folder)).toEqual([]);
  });
});
