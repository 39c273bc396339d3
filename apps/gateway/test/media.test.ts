import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, request as httpRequest, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fleetKeys, receivedMediaId } from '@flotilla/contracts';
import { createLinkToken, openMedia, toldLinkMs } from '@flotilla/media';
import { createKeyRing } from '@flotilla/seal';
import { eventually, redisTest } from '@flotilla/testkit';
import { describe, expect, onTestFinished } from 'vitest';
import { clientOf, config, newTenant, openGateway, operatorKey } from './gateway.ts';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

/** A test with a gateway that listens, and stores files in a folder of its own. */
const mediaTest = redisTest
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture depends on
  .extend('folder', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'flotilla-media-'));
    onCleanup(() => rm(folder, { recursive: true }));
    return folder;
  })
  .extend('app', async ({ url, folder }, { onCleanup }) => {
    const { app, close } = await openGateway(url, {
      MEDIA_DIR: folder,
      MEDIA_MAX_FILE_BYTES: 3_000_000,
      MEDIA_MAX_TENANT_BYTES: 4_000_000,
      MEDIA_ALLOW_CIDRS: '127.0.0.0/8',
    });
    onCleanup(() => {
      // Connections that `fetch` keeps for later would hold up the end.
      app.server.closeAllConnections();
      return close();
    });
    return app;
  })
  .extend('base', async ({ app }) => app.listen({ host: '127.0.0.1', port: 0 }))
  .extend('tenant', async ({ app }) => newTenant(app))
  .extend('call', async ({ base, tenant }) => (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${tenant.key}`);
    return fetch(`${base}${path}`, { ...init, headers, signal: AbortSignal.timeout(15_000) });
  });

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
const bodyOf = async (answer: Response): Promise<any> => answer.json();

/** Every file below a folder that is content, not a record. */
const contentsIn = async (folder: string) =>
  (await readdir(folder, { recursive: true })).filter((path) => /\.d[\w-]+$|\.incoming\/./.test(path));

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('storing a file', () => {
  mediaTest('as it is', async ({ call, tenant }) => {
    const answer = await call('/v1/media', {
      method: 'POST',
      headers: { 'content-type': 'text/csv', 'content-disposition': 'attachment; filename="a list.csv"' },
      body: 'a,b\n1,2\n',
    });
    expect(answer.status).toBe(201);
    const record = await bodyOf(answer);
    expect(record).toEqual({
      id: expect.stringMatching(/^med_[0-9a-z]{20}$/),
      mimeType: 'text/csv',
      fileName: 'a list.csv',
      size: 8,
      sha256: sha256('a,b\n1,2\n'),
      createdAt: expect.any(Number),
      expiresAt: record.createdAt + 30 * 86_400_000,
    });
    expect(tenant.tenant).toMatch(/^ten_/);
  });

  mediaTest('by a form', async ({ call }) => {
    const form = new FormData();
    form.set('file', new Blob([png], { type: 'image/png' }), 'Grüße "1".png');
    const record = await bodyOf(await call('/v1/media', { method: 'POST', body: form }));
    expect(record).toMatchObject({ mimeType: 'image/png', size: png.length, sha256: sha256(png) });
    const answer = await call(`/v1/media/${record.id}`);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(png);
    expect(answer.headers.get('content-disposition')).toContain("filename*=UTF-8''Gr%C3%BC%C3%9Fe");
  });

  mediaTest('as base64, with what it looks like as its type', async ({ call }) => {
    const send = (body: unknown) =>
      call('/v1/media', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const plain = await bodyOf(await send({ base64: png.toString('base64'), fileName: 'dot.png' }));
    expect(plain).toMatchObject({ mimeType: 'image/png', fileName: 'dot.png', sha256: sha256(png) });
    const url = await bodyOf(await send({ base64: `data:text/plain;base64,${btoa('hello')}` }));
    expect(url).toMatchObject({ mimeType: 'text/plain', size: 5 });
    for (const body of [{ base64: 'not base64!' }, { base64: 'QUJD', url: 'http://x/' }, {}, { base64: 'Q' }]) {
      const refused = await send(body);
      expect([refused.status, (await bodyOf(refused)).code], JSON.stringify(body)).toEqual([400, 'VALIDATION']);
    }
    const tooLong = await send({ base64: 'A'.repeat(1_000_000) });
    expect([tooLong.status, (await bodyOf(tooLong)).code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  mediaTest('from a URL', async ({ call }) => {
    const base = await serve((request, response) => {
      if (request.url === '/moved') return response.writeHead(302, { location: '/files/dot.png' }).end();
      if (request.url === '/gone') return response.writeHead(404).end('no');
      if (request.url === '/endless') {
        response.writeHead(200, { 'content-type': 'video/mp4' });
        const timer = setInterval(() => response.write(Buffer.alloc(200_000)), 1);
        return response.on('close', () => clearInterval(timer));
      }
      if (request.url === '/announced') return response.writeHead(200, { 'content-length': 50_000_000 }).end();
      if (request.url === '/short') {
        response.writeHead(200, { 'content-length': 1_000 }).write('only this');
        return setTimeout(() => response.destroy(), 50);
      }
      return response.writeHead(200, { 'content-type': 'image/png' }).end(png);
    });
    const send = async (url: string) => {
      const answer = await call('/v1/media', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ url }),
      });
      return { status: answer.status, ...(await bodyOf(answer)) };
    };
    expect(await send(`${base}/files/dot.png?x=1`)).toMatchObject({
      status: 201,
      mimeType: 'image/png',
      fileName: 'dot.png',
      sha256: sha256(png),
    });
    expect(await send(`${base}/moved`)).toMatchObject({ status: 422, code: 'MEDIA_SOURCE_FAILED' });
    expect(await send(`${base}/gone`)).toMatchObject({
      status: 422,
      message: 'The URL of the file answered with status 404',
    });
    expect(await send(`${base}/endless`)).toMatchObject({ status: 413, code: 'MEDIA_TOO_LARGE' });
    expect(await send(`${base}/announced`)).toMatchObject({ status: 413, code: 'MEDIA_TOO_LARGE' });
    expect(await send(`${base}/short`)).toMatchObject({ status: 422, code: 'MEDIA_SOURCE_FAILED' });
    expect(await send('http://10.1.2.3/x')).toMatchObject({ status: 422, code: 'MEDIA_SOURCE_FAILED' });
    expect(await send('ftp://example.com/x')).toMatchObject({ status: 422, code: 'MEDIA_SOURCE_FAILED' });
  });

  mediaTest('that is too large, or more than the tenant may have', async ({ call, folder, redis, tenant }) => {
    const upload = (bytes: number) =>
      call('/v1/media', { method: 'POST', headers: { 'content-type': 'x/y' }, body: Buffer.alloc(bytes) });
    const large = await upload(3_000_001);
    expect([large.status, (await bodyOf(large)).message]).toEqual([413, 'The file is larger than 3000000 bytes']);
    const form = new FormData();
    form.set('file', new Blob([Buffer.alloc(3_000_001)]), 'x');
    expect((await call('/v1/media', { method: 'POST', body: form })).status).toBe(413);
    expect(await contentsIn(folder)).toEqual([]);

    const { id } = await bodyOf(await upload(2_500_000));
    const more = await upload(2_000_000);
    expect([more.status, (await bodyOf(more)).code]).toEqual([409, 'MEDIA_QUOTA_EXCEEDED']);
    expect(await redis.hget(fleetKeys.mediaUsage, tenant.tenant)).toBe('2500000');
    expect((await call(`/v1/media/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await upload(2_000_000)).status).toBe(201);
    expect(await redis.hget(fleetKeys.mediaUsage, tenant.tenant)).toBe('2000000');
  });

  mediaTest('that is none, two or a broken form', async ({ call, folder }) => {
    const none = new FormData();
    none.set('note', 'no file');
    const two = new FormData();
    two.append('file', new Blob(['1']), 'a');
    two.append('file', new Blob(['2']), 'b');
    for (const body of [none, two]) {
      const answer = await call('/v1/media', { method: 'POST', body });
      expect([answer.status, (await bodyOf(answer)).code]).toEqual([400, 'VALIDATION']);
    }
    const broken = await call('/v1/media', {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\ncut off',
    });
    expect([broken.status, (await bodyOf(broken)).code]).toEqual([400, 'VALIDATION']);
    const without = await call('/v1/media', {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data' },
      body: 'x',
    });
    expect(without.status).toBe(400);
    expect((await call('/v1/media', { method: 'POST' })).status).toBe(400);
    expect(await contentsIn(folder)).toEqual([]);
  });

  mediaTest('that the client does not send to its end', async ({ base, tenant, folder }) => {
    for (const contentType of ['video/mp4', 'multipart/form-data; boundary=x']) {
      const upload = httpRequest(`${base}/v1/media`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tenant.key}`, 'content-type': contentType },
      });
      upload.on('error', () => {});
      if (contentType.startsWith('multipart'))
        upload.write('--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n');
      upload.write(Buffer.alloc(100_000));
      await eventually(async () => (await contentsIn(folder)).length === 1, { message: 'the upload has begun' });
      upload.destroy();
      await eventually(async () => (await contentsIn(folder)).length === 0, { message: 'the upload is gone' });
    }
  });
});

describe('fetching a file', () => {
  const stored = mediaTest.extend('id', async ({ call }) => {
    const answer = await call('/v1/media', {
      method: 'POST',
      headers: { 'content-type': 'audio/ogg; codecs=opus' },
      body: '0123456789',
    });
    return (await bodyOf(answer)).id as string;
  });

  stored('in whole, with its type, for a browser that must not run it', async ({ call, id }) => {
    const answer = await call(`/v1/media/${id}`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('0123456789');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'audio/ogg; codecs=opus',
      'content-length': '10',
      'content-disposition': `inline; filename="${id}"`,
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      etag: `"${sha256('0123456789')}"`,
    });
  });

  stored('by HEAD', async ({ call, id }) => {
    const answer = await call(`/v1/media/${id}`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, '10', '']);
    expect((await call('/v1/media/med_00000000000000000000', { method: 'HEAD' })).status).toBe(404);
  });

  stored('in parts', async ({ call, id }) => {
    const part = async (range: string, headers = {}) => {
      const answer = await call(`/v1/media/${id}`, { headers: { range, ...headers } });
      return [answer.status, await answer.text(), answer.headers.get('content-range')];
    };
    const etag = `"${sha256('0123456789')}"`;
    expect(await part('bytes=2-4')).toEqual([206, '234', 'bytes 2-4/10']);
    expect(await part('bytes=7-')).toEqual([206, '789', 'bytes 7-9/10']);
    expect(await part('bytes=-2')).toEqual([206, '89', 'bytes 8-9/10']);
    expect(await part('bytes=0-99')).toEqual([206, '0123456789', 'bytes 0-9/10']);
    expect(await part('bytes=0-1,3-4')).toEqual([200, '0123456789', null]);
    expect(await part('bytes=2-4', { 'if-range': etag })).toEqual([206, '234', 'bytes 2-4/10']);
    expect(await part('bytes=2-4', { 'if-range': '"another"' })).toEqual([200, '0123456789', null]);
    const [status, body, range] = await part('bytes=10-');
    expect([status, JSON.parse(String(body)).code, range]).toEqual([416, 'RANGE_NOT_SATISFIABLE', 'bytes */10']);
  });

  stored('not again if the client has it', async ({ call, id }) => {
    const etag = `"${sha256('0123456789')}"`;
    for (const tags of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const answer = await call(`/v1/media/${id}`, { headers: { 'if-none-match': tags } });
      expect([answer.status, await answer.text()], tags).toEqual([304, '']);
    }
    expect((await call(`/v1/media/${id}`, { headers: { 'if-none-match': '"x"' } })).status).toBe(200);
  });

  stored('that was sent to run in a browser', async ({ call }) => {
    for (const mimeType of ['text/html', 'image/svg+xml', 'text/javascript', 'x/y\u00e4; "']) {
      const sent = await call('/v1/media', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ base64: btoa('<script>'), mimeType: mimeType.replace('\u00e4', '') }),
      });
      const { id } = await bodyOf(sent);
      if (sent.status !== 201) continue;
      const answer = await call(`/v1/media/${id}`);
      expect(answer.headers.get('content-disposition'), mimeType).toMatch(/^attachment/);
    }
  });

  stored('of another tenant, with a key that may not, or that is gone', async ({ app, call, id }) => {
    const other = await newTenant(app);
    const get = (key: string, method = 'GET') =>
      call(`/v1/media/${id}`, { method, headers: { authorization: `Bearer ${key}` } });
    expect((await get(other.key)).status).toBe(404);
    expect((await get(other.key, 'DELETE')).status).toBe(404);
    const powerless = await newTenant(app, ['messages:send']);
    expect((await get(powerless.key)).status).toBe(403);
    expect((await get(operatorKey)).status).toBe(403);
    expect((await call(`/v1/media/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await call(`/v1/media/${id}`)).status).toBe(404);
    expect((await call(`/v1/media/${id}`, { method: 'DELETE' })).status).toBe(404);
    for (const strange of ['..%2f..%2fx', 'med_', '%00', 'med_0000000000000000000%2f'])
      expect((await call(`/v1/media/${strange}`)).status, strange).toBe(404);
  });

  mediaTest('by a client that goes away, or reads slowly', async ({ base, call, tenant }) => {
    const bytes = Buffer.alloc(2_900_000, 'x');
    const { id } = await bodyOf(
      await call('/v1/media', { method: 'POST', headers: { 'content-type': 'x/y' }, body: bytes }),
    );
    const options = { headers: { authorization: `Bearer ${tenant.key}` } };
    for (let round = 0; round < 3; round += 1) {
      await new Promise<void>((resolve) => {
        const reading = httpRequest(`${base}/v1/media/${id}`, options, (answer) => {
          answer.once('data', () => reading.destroy());
          answer.on('error', () => {});
          answer.once('close', resolve);
        });
        reading.on('error', () => {}).end();
      });
    }
    const open = await eventually(async () => (await readdir('/proc/self/fd')).length);
    const answer = await call(`/v1/media/${id}`);
    expect((await answer.arrayBuffer()).byteLength).toBe(bytes.length);
    expect(open).toBeLessThan(500);
  });
});

describe('a link to a file', () => {
  mediaTest(
    'that was told with a message waits for the file, if the message has just come',
    async ({ base, tenant, redis, folder }) => {
      const media = openMedia({ ...config, MEDIA_DIR: folder }, redis);
      const keyRing = createKeyRing(config.ENCRYPTION_KEYS);
      const linkTo = (id: string, toldAt: number) =>
        fetch(
          `${base}/media/${createLinkToken(keyRing, { tenant: tenant.tenant, id, expiresAt: toldAt + toldLinkMs })}`,
        );
      const id = receivedMediaId('ins_a', 'chat@lid', 'A1');
      const early = linkTo(id, Date.now());
      await media.put(tenant.tenant, Readable.from([png]), { id });
      expect([(await early).status, (await linkTo(id, Date.now() - 3_600_000)).status]).toEqual([200, 200]);
      const began = performance.now();
      const old = await linkTo(receivedMediaId('ins_a', 'chat@lid', 'A2'), Date.now() - 3_600_000);
      expect([old.status, performance.now() - began < 5_000]).toEqual([404, true]);
      media.close();
    },
  );

  mediaTest('leads to it without a key, for a while', async ({ app, base, call }) => {
    const { id } = await bodyOf(
      await call('/v1/media', { method: 'POST', headers: { 'content-type': 'image/png' }, body: png }),
    );
    const link = await bodyOf(await call(`/v1/media/${id}/link`, { method: 'POST' }));
    expect(link.url).toMatch(new RegExp(`^${base}/media/`));
    expect(Math.abs(link.expiresAt - Date.now() - 3_600_000)).toBeLessThan(60_000);
    const answer = await fetch(link.url, { headers: { range: 'bytes=0-3' } });
    expect([answer.status, Buffer.from(await answer.arrayBuffer())]).toEqual([206, png.subarray(0, 4)]);
    expect((await fetch(link.url, { method: 'HEAD' })).headers.get('content-length')).toBe(String(png.length));

    const [head = '', expiry = '', signature = ''] = /^(.*)\.(\w+)\.([\w-]+)$/.exec(link.url)?.slice(1) ?? [];
    const later = (Number.parseInt(expiry, 36) + 1).toString(36);
    const flipped = signature.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'));
    for (const url of [`${head}.${later}.${signature}`, `${head}.${expiry}.${flipped}`, `${base}/media/x`]) {
      const refused = await fetch(url);
      expect([refused.status, (await bodyOf(refused)).code]).toEqual([403, 'LINK_INVALID']);
    }
    const other = await newTenant(app);
    const foreign = await clientOf(app, other.key)('POST', `/v1/media/${id}/link`);
    expect(foreign.status).toBe(404);

    const short = await call(`/v1/media/${id}/link`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ seconds: 1 }),
    });
    const { url } = await bodyOf(short);
    expect((await fetch(url)).status).toBe(200);
    await eventually(async () => (await fetch(url)).status === 403, { message: 'the link expires' });
    await call(`/v1/media/${id}`, { method: 'DELETE' });
    expect((await fetch(link.url)).status).toBe(404);
  });
});

describe('without the directory', () => {
  redisTest('answers that the store is away', async ({ url }) => {
    const { app, close } = await openGateway(url, { MEDIA_DIR: '/dev/null/media' });
    try {
      const { send } = await newTenant(app);
      const stored = await send('POST', '/v1/media', { base64: 'QUJD' });
      expect([stored.status, stored.body.code, stored.headers['retry-after']]).toEqual([503, 'STORE_UNAVAILABLE', '1']);
      expect((await send('GET', '/v1/media/med_00000000000000000000')).status).toBe(404);
    } finally {
      await close();
    }
  });
});
