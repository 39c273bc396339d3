import type { RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import { listen, listenAs, listenTcp, refusingAddress } from '../test/listening.ts';
import { newIncarnation, probe } from './index.ts';

const incarnation = newIncarnation();
const elsewhere = incarnation.replace(/^/, 'other-');

/** What a probe says of a worker's address where this answers. */
async function probeOf(onRequest: RequestListener, timeoutMs?: number) {
  const server = await listen(onRequest);
  try {
    return await probe(server.address, incarnation, timeoutMs);
  } finally {
    await server.close();
  }
}

describe('a new incarnation', () => {
  test('differs each time and fits into a key', () => {
    expect(newIncarnation()).not.toBe(incarnation);
    expect(incarnation).toMatch(/^[A-Za-z0-9.-]+$/);
  });
});

describe('a probe', () => {
  test('asks for /incarnation and finds its worker alive', async () => {
    const asked: (string | undefined)[] = [];
    const answer = await probeOf((request, response) => {
      asked.push(request.url);
      response.end(JSON.stringify({ incarnation }));
    });
    expect({ answer, asked }).toEqual({ answer: 'alive', asked: ['/incarnation'] });
    expect(await probeOf((_, response) => response.end(`${incarnation}\n`))).toBe('alive');
  });

  test('takes a refused connection as proof of death', async () => {
    const address = await refusingAddress();
    expect(await probe(address, incarnation)).toBe('dead');
    expect(await probe(address.replace('127.0.0.1', 'localhost'), incarnation)).toBe('dead');
  });

  test("takes another incarnation's answer as proof of death", async () => {
    const server = await listenAs(newIncarnation());
    expect(await probe(server.address, incarnation)).toBe('dead');
    await server.close();
    expect(await probeOf((_, response) => response.end(newIncarnation()))).toBe('dead');
  });

  test('proves nothing by silence', async () => {
    expect(await probeOf(() => {}, 200)).toBe('unknown');
    const server = await listenTcp(() => {});
    expect(await probe(server.address, incarnation, 200)).toBe('unknown');
    await server.close();
  });

  test('proves nothing by an answer that never ends', async () => {
    expect(await probeOf((_, response) => void response.write(newIncarnation()), 200)).toBe('unknown');
    expect(await probeOf((_, response) => response.end('x'.repeat(100_000)))).toBe('unknown');
  });

  test('proves nothing by a connection that breaks', async () => {
    const server = await listenTcp((socket) => socket.resetAndDestroy());
    expect(await probe(server.address, incarnation)).toBe('unknown');
    await server.close();
  });

  test.each([
    ['another status', 503, JSON.stringify({ incarnation: newIncarnation() })],
    ['a redirect', 302, ''],
    ['a draining worker', 200, JSON.stringify({ incarnation: newIncarnation(), draining: true })],
    ['some other server', 200, '<html>It works!</html>'],
    ['a short word', 200, 'OK'],
    ['JSON without an incarnation', 200, '{"status":"ok"}'],
    ['broken JSON', 200, '{"incarnation":'],
    ['nothing', 200, ''],
  ])('proves nothing by %s', async (_, status, body) => {
    expect(await probeOf((_, response) => response.writeHead(status, { location: '/' }).end(body))).toBe('unknown');
  });

  test('proves nothing about addresses that cannot be reached', async () => {
    expect(await probe('no-such-host.invalid:80', incarnation)).toBe('unknown');
    expect(await probe('', incarnation)).toBe('unknown');
  });

  test('proves nothing about a loopback address that another host advertises', async () => {
    const address = await refusingAddress();
    expect(await probe(address, elsewhere)).toBe('unknown');
    expect(await probe(address.replace('127.0.0.1', 'localhost'), elsewhere)).toBe('unknown');
    expect(await probe(address.replace('127.0.0.1', '[::1]'), elsewhere)).toBe('unknown');
  });
});
