import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  AddressRefusedError,
  ConnectError,
  createAddressPolicy,
  createSafeAgent,
  FetchTimeoutError,
  safeFetch,
  safeStream,
} from './index.ts';

const loopbackOnly = createAddressPolicy(['127.0.0.0/8']);
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<number> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function agent(policy = loopbackOnly) {
  const dispatcher = createSafeAgent({ policy });
  closing.push(() => dispatcher.destroy());
  return dispatcher;
}

const limits = { timeoutMs: 5_000, maxResponseBytes: 1_000 };

describe('safeFetch', () => {
  it('posts and reads the answer', async () => {
    const port = await serve((request, response) => {
      request.on('data', () => {});
      request.on('end', () => response.writeHead(201, { 'x-seen': request.method }).end('thanks'));
    });
    const answer = await safeFetch(`http://127.0.0.1:${port}/`, {
      dispatcher: agent(),
      method: 'POST',
      body: '{}',
      ...limits,
    });
    expect(answer).toMatchObject({ status: 201, truncated: false });
    expect(answer.headers['x-seen']).toBe('POST');
    expect(answer.body.toString()).toBe('thanks');
  });

  it('returns a redirect and does not follow it', async () => {
    let hits = 0;
    const port = await serve((_, response) => {
      hits += 1;
      response.writeHead(302, { location: '/again' }).end();
    });
    const answer = await safeFetch(`http://127.0.0.1:${port}/`, { dispatcher: agent(), ...limits });
    expect([answer.status, hits]).toEqual([302, 1]);
  });

  it('dials neither a literal nor a resolved address inside the network', async () => {
    let hits = 0;
    const port = await serve((_, response) => {
      hits += 1;
      response.end();
    });
    const strict = agent(createAddressPolicy());
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', 'localhost', '[::ffff:127.0.0.1]']) {
      await expect(safeFetch(`http://${host}:${port}/`, { dispatcher: strict, ...limits }), host).rejects.toThrow(
        AddressRefusedError,
      );
    }
    expect(hits).toBe(0);
  });

  it('cuts off an endless answer', async () => {
    const port = await serve((_, response) => {
      const timer = setInterval(() => response.write('x'.repeat(10_000)), 1);
      response.on('close', () => clearInterval(timer));
    });
    const answer = await safeFetch(`http://127.0.0.1:${port}/`, { dispatcher: agent(), ...limits });
    expect([answer.body.length, answer.truncated]).toEqual([1_000, true]);
  });

  it('gives up on a server that never answers, and on one that never ends', async () => {
    const silent = await serve(() => {});
    const dripping = await serve((_, response) => void response.write('a'));
    for (const port of [silent, dripping]) {
      await expect(
        safeFetch(`http://127.0.0.1:${port}/`, { dispatcher: agent(), ...limits, timeoutMs: 500 }),
      ).rejects.toThrow(FetchTimeoutError);
    }
  });

  it('names the code of a refused connection', async () => {
    const port = await serve(() => {});
    for (const close of closing.splice(0)) await close();
    const failing = safeFetch(`http://127.0.0.1:${port}/`, { dispatcher: agent(), ...limits });
    await expect(failing).rejects.toThrow(ConnectError);
    await expect(failing).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('safeStream', () => {
  const open = (port: number, options: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
    safeStream(`http://127.0.0.1:${port}/`, { dispatcher: agent(), timeoutMs: 5_000, ...options });
  /** A server that never ends its answer, and how many connections to it are open. */
  const endless = async () => {
    let connections = 0;
    const port = await serve((_, response) => {
      connections += 1;
      response.writeHead(200).write('begin');
      const timer = setInterval(() => response.write(Buffer.alloc(10_000)), 1);
      response.once('close', () => {
        clearInterval(timer);
        connections -= 1;
      });
    });
    const closed = async () => {
      while (connections > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    return { port, closed };
  };

  it('gives a body in pieces, and redirects as they are', async () => {
    const port = await serve((_, response) => {
      response.writeHead(302, { location: '/again' }).write('one ');
      response.end('two');
    });
    const { status, headers, body } = await open(port);
    let text = '';
    for await (const chunk of body) text += Buffer.from(chunk).toString();
    expect([status, headers.location, text]).toEqual([302, '/again', 'one two']);
  });

  it('ends the connection when the reader has had enough, or never reads', async () => {
    const { port, closed } = await endless();
    for await (const _ of (await open(port)).body) break;
    await closed();
    (await open(port)).cancel();
    await closed();
  });

  it('is over when the time is up or the signal fires, also in the middle of the body', async () => {
    const { port, closed } = await endless();
    const readAll = async (options: Parameters<typeof open>[1]) => {
      for await (const _ of (await open(port, options)).body);
    };
    await expect(readAll({ timeoutMs: 200 })).rejects.toThrow(FetchTimeoutError);
    const abort = new AbortController();
    setTimeout(() => abort.abort(new RangeError('not wanted')), 100);
    await expect(readAll({ signal: abort.signal })).rejects.toThrow(RangeError);
    await closed();
  });

  it('says that a body was cut off, and dials nothing inside', async () => {
    const port = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('only this');
      setTimeout(() => response.destroy(), 20);
    });
    const { body } = await open(port);
    await expect(body.next().then(() => body.next())).rejects.toThrow(ConnectError);
    const strict = agent(createAddressPolicy());
    await expect(safeStream(`http://127.0.0.1:${port}/`, { dispatcher: strict, timeoutMs: 5_000 })).rejects.toThrow(
      AddressRefusedError,
    );
  });
});
