import { createHash, randomBytes } from 'node:crypto';
import { Agent, request } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Simulator } from '../src/simulator.ts';
import { admin, testSimulator } from './client.ts';

let simulator: Simulator;
let agent: Agent;
beforeAll(async () => {
  simulator = await testSimulator();
  agent = new Agent({ ca: simulator.ca });
});
afterAll(async () => {
  agent.destroy();
  await simulator.close();
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** An HTTPS request that checks the certificate, as clients do. Rejects if the answer is cut. */
function https(method: string, url: string, { body, headers }: { body?: Buffer; headers?: object } = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const asked = request(url, { method, agent, headers: { ...headers } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const base = () => `https://127.0.0.1:${simulator.port}`;
const nameOf = (body: Buffer) => createHash('sha256').update(body).digest('base64url');

async function upload(body: Buffer, kind = 'image') {
  const url = `${base()}/mms/${kind}/${nameOf(body)}?auth=5511900000001:1&token=${nameOf(body)}`;
  const answer = await https('POST', url, { body });
  expect(answer.status).toBe(200);
  return JSON.parse(answer.body.toString()) as { url: string; direct_path: string };
}

test('what is uploaded is there to download, whole and in ranges', async () => {
  const bytes = randomBytes(100_000);
  const { url, direct_path } = await upload(bytes);
  expect(url).toBe(`${base()}${direct_path}`);
  const whole = await https('GET', url);
  expect(whole).toMatchObject({ status: 200, headers: { 'content-length': '100000', 'accept-ranges': 'bytes' } });
  expect(whole.body.equals(bytes)).toBe(true);
  const middle = await https('GET', url, { headers: { range: 'bytes=1000-1999' } });
  expect(middle).toMatchObject({ status: 206, headers: { 'content-range': 'bytes 1000-1999/100000' } });
  expect(middle.body.equals(bytes.subarray(1_000, 2_000))).toBe(true);
  const tail = await https('GET', url, { headers: { range: 'bytes=99000-' } });
  expect(tail.body.equals(bytes.subarray(99_000))).toBe(true);
  expect((await https('GET', url, { headers: { range: 'bytes=100000-' } })).status).toBe(416);
  const head = await https('HEAD', url);
  expect(head).toMatchObject({ status: 200, headers: { 'content-length': '100000' } });
  expect(head.body).toHaveLength(0);
});

test('large media is kept in a file and comes back unchanged, also in part', async () => {
  const bytes = randomBytes(9 * 1024 * 1024);
  const before = simulator.network.media.bytesInMemory;
  const { url } = await upload(bytes, 'document');
  expect(simulator.network.media.bytesInMemory).toBe(before);
  expect((await https('GET', url)).body.equals(bytes)).toBe(true);
  const part = await https('GET', url, { headers: { range: 'bytes=5000000-5000099' } });
  expect(part.body.equals(bytes.subarray(5_000_000, 5_000_100))).toBe(true);
  const stored = await fetch(
    `http://127.0.0.1:${simulator.port}/admin/media/blob?path=${encodeURIComponent(url)}`,
  ).then((answer) => answer.arrayBuffer());
  expect(Buffer.from(stored).equals(bytes)).toBe(true);
});

test('an upload under a wrong name is refused and not kept', async () => {
  const bytes = randomBytes(1_000);
  const answer = await https('POST', `${base()}/mms/image/${nameOf(randomBytes(8))}`, { body: bytes });
  expect(answer.status).toBe(400);
  expect(simulator.network.media.list().some(({ hash }) => hash === nameOf(bytes))).toBe(false);
});

test('a refused upload takes nothing away from who uploaded the same rightly', async () => {
  const bytes = randomBytes(1_000);
  const { url } = await upload(bytes);
  const refused = await https('POST', `${base()}/mms/image/${nameOf(randomBytes(8))}`, { body: bytes });
  expect(refused.status).toBe(400);
  expect((await https('GET', url)).body.equals(bytes)).toBe(true);
});

test('the same bytes have one path, and each upload is counted', async () => {
  const bytes = randomBytes(1_000);
  const first = await upload(bytes);
  expect((await upload(bytes)).direct_path).toBe(first.direct_path);
  const { uploadsByHash } = await admin<{ uploadsByHash: Record<string, number> }>(
    simulator,
    'GET',
    '/media/statistics',
  );
  expect(uploadsByHash[nameOf(bytes)]).toBe(2);
  const listed = await admin<object[]>(simulator, 'GET', '/media?uploadedBy=5511900000001');
  expect(listed).toContainEqual(expect.objectContaining({ hash: nameOf(bytes), uploads: 2, size: 1_000 }));
});

test('what nobody uploaded is 404, what expired 410 until it is uploaded again', async () => {
  expect((await https('GET', `${base()}/v/image/nothing`)).status).toBe(404);
  const bytes = randomBytes(500);
  const { url, direct_path } = await upload(bytes);
  expect(await admin(simulator, 'POST', '/media/expire', { path: direct_path })).toEqual({ expired: 1 });
  expect((await https('GET', url)).status).toBe(410);
  expect((await https('GET', (await upload(bytes)).url)).status).toBe(200);
});

test.each([
  ['truncated', 'rejects'],
  ['short', 500],
  ['corrupt', 1_000],
  ['status', 500],
] as const)('a download that is %s', async (mode, expected) => {
  const bytes = randomBytes(1_000);
  const { url } = await upload(bytes);
  await admin(simulator, 'POST', '/faults/media', { mode, path: url, status: 503 });
  if (expected === 'rejects') {
    await expect(https('GET', url)).rejects.toThrow();
  } else {
    const answer = await https('GET', url);
    expect(answer.body.equals(bytes)).toBe(false);
    if (mode === 'status') expect(answer.status).toBe(503);
    else expect(answer.body).toHaveLength(expected);
  }
  expect((await https('GET', url)).body.equals(bytes)).toBe(true);
});

test('a slow download takes its time, a stalled and an endless one do not end', async () => {
  const { url } = await upload(randomBytes(2_000));
  await admin(simulator, 'POST', '/faults/media', { mode: 'slow', bytesPerSecond: 2_000 });
  const from = performance.now();
  expect((await https('GET', url)).body).toHaveLength(2_000);
  expect(performance.now() - from).toBeGreaterThan(700);
  for (const mode of ['stall', 'endless']) {
    await admin(simulator, 'POST', '/faults/media', { mode, path: url });
    let got = 0;
    const ended = await new Promise<string>((resolve) => {
      const asked = request(url, { agent }, (answer) => {
        answer.on('data', (part: Buffer) => {
          got += part.length;
        });
        answer.on('end', () => resolve('ended'));
        setTimeout(() => {
          resolve('still open');
          asked.destroy();
        }, 500);
      });
      asked.on('error', () => undefined);
      asked.end();
    });
    expect(ended).toBe('still open');
    expect(got).toBeGreaterThan(mode === 'endless' ? 100_000 : 0);
  }
});

test('an upload that fails once works the next time', async () => {
  const bytes = randomBytes(300);
  await admin(simulator, 'POST', '/faults/media', { mode: 'status', on: 'upload', status: 500 });
  expect((await https('POST', `${base()}/mms/image/${nameOf(bytes)}`, { body: bytes })).status).toBe(500);
  await upload(bytes);
});
