import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  AddressRefusedError,
  ConnectError,
  createAddressPolicy,
  createSafeAgent,
  type ResolveAll,
  safeFetch,
  safeStream,
} from '../src/index.ts';
import { createResolver } from '../src/resolve.ts';
import { type NameAnswer, startNameServer } from './name-server.ts';

const publicOnly = createAddressPolicy();
/** What stands for the public internet here: one address of the loopback network. The rest of it is inside. */
const reachable = createAddressPolicy(['127.0.0.2/32']);
const limits = { timeoutMs: 5_000, maxResponseBytes: 1_000 };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server on both the reachable address and the one inside, and who has been asked. */
async function serve(listener: RequestListener = (_, response) => response.end('here')) {
  const hits: string[] = [];
  const listen = async (address: string, port: number) => {
    const server = createServer((request, response) => {
      hits.push(address);
      listener(request, response);
    });
    await new Promise<void>((resolve) => server.listen(port, address, resolve));
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  };
  const port = await listen('127.0.0.2', 0);
  await listen('127.0.0.1', port);
  return { port, hits };
}

async function agentWith(answer: NameAnswer, policy = reachable) {
  const server = await startNameServer(answer);
  const dispatcher = createSafeAgent({ policy, resolve: createResolver({ reachesInside: false }, [server.address]) });
  closing.push(
    () => server.close(),
    () => dispatcher.destroy(),
  );
  return { dispatcher, asked: server.asked };
}

const only =
  (...addresses: string[]): NameAnswer =>
  ({ type }) =>
    addresses.filter((address) => address.includes(':') === (type === 'AAAA'));

describe('a name', () => {
  it('is asked for once for each connection, and what was checked is dialled', async () => {
    const { port, hits } = await serve();
    // Reachable for who checks, inside for who asks again.
    const { dispatcher, asked } = await agentWith(({ type, count }) =>
      type === 'AAAA' ? [] : [count === 0 ? '127.0.0.2' : '127.0.0.1'],
    );
    const url = `http://rebind.example:${port}/`;
    expect((await safeFetch(url, { dispatcher, ...limits })).status).toBe(200);
    expect(hits).toEqual(['127.0.0.2']);
    expect(asked.map(({ type }) => type).sort()).toEqual(['A', 'AAAA']);
    // An open connection leads where it always led; a new one is checked anew.
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, () => safeFetch(url, { dispatcher, ...limits })),
    );
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(AddressRefusedError);
    expect(hits.filter((address) => address !== '127.0.0.2')).toEqual([]);
  });

  it.each<[string, string[]]>([
    ['the loopback address', ['127.0.0.1']],
    ['loopback of IPv6', ['0000:0000:0000:0000:0000:0000:0000:0001']],
    ['loopback, mapped', ['0000:0000:0000:0000:0000:ffff:7f00:0001']],
    ['loopback behind NAT64', ['0064:ff9b:0000:0000:0000:0000:7f00:0001']],
    ['metadata', ['169.254.169.254']],
    ['several addresses inside', ['10.0.0.1', '192.168.1.1', 'fd00:0000:0000:0000:0000:0000:0000:0001']],
  ])('that stands for %s is not dialled', async (_what, addresses) => {
    const { port, hits } = await serve();
    const { dispatcher } = await agentWith(only(...addresses), publicOnly);
    const failing = safeFetch(`http://inside.example:${port}/`, { dispatcher, ...limits });
    await expect(failing).rejects.toThrow(AddressRefusedError);
    await expect(failing).rejects.toThrow('inside.example has no address');
    expect(hits).toEqual([]);
  });

  it('with some addresses inside is dialled at the others', async () => {
    const { port, hits } = await serve();
    const { dispatcher } = await agentWith(
      only('127.0.0.1', '10.0.0.1', '127.0.0.2', 'fd00:0000:0000:0000:0000:0000:0000:0001'),
    );
    await safeFetch(`http://mixed.example:${port}/`, { dispatcher, ...limits });
    expect(hits).toEqual(['127.0.0.2']);
  });

  it('with a dot at its end is the same name', async () => {
    const { port, hits } = await serve();
    const { dispatcher, asked } = await agentWith(({ type }) => (type === 'A' ? ['127.0.0.2'] : []));
    await safeFetch(`http://dotted.example.:${port}/`, { dispatcher, ...limits });
    expect([hits, asked[0]?.name]).toEqual([['127.0.0.2'], 'dotted.example']);
  });

  it('of a host inside is not dialled when a redirect names it: redirects are answers', async () => {
    const { port, hits } = await serve((request, response) =>
      request.url === '/secret'
        ? response.end('secret')
        : response.writeHead(307, { location: `http://127.0.0.1:${port}/secret` }).end(),
    );
    const { dispatcher } = await agentWith(only('127.0.0.2'));
    const answer = await safeFetch(`http://redirect.example:${port}/`, { dispatcher, ...limits });
    const stream = await safeStream(`http://redirect.example:${port}/`, { dispatcher, timeoutMs: 5_000 });
    stream.cancel();
    expect([answer.status, stream.status, hits]).toEqual([307, 307, ['127.0.0.2', '127.0.0.2']]);
  });

  it('that nobody knows is told as such, and so is a server that says nothing', async () => {
    const { dispatcher } = await agentWith(({ name }) => (name === 'unknown.example' ? 'unknown' : 'silent'));
    await expect(safeFetch('http://unknown.example/', { dispatcher, ...limits })).rejects.toMatchObject({
      name: 'ConnectError',
      code: 'ENOTFOUND',
    });
    const began = performance.now();
    await expect(safeFetch('http://silent.example/', { dispatcher, ...limits, timeoutMs: 500 })).rejects.toThrow(
      'No complete answer within 0.5 s',
    );
    const abort = new AbortController();
    setTimeout(() => abort.abort(new RangeError('not wanted')), 200);
    await expect(
      safeStream('http://silent.example/', { dispatcher, timeoutMs: 5_000, signal: abort.signal }),
    ).rejects.toThrow(RangeError);
    expect((performance.now() - began) / 1_000).toBeLessThan(3);
  });

  it('whose server is silent holds up no other', async () => {
    const { port } = await serve();
    const { dispatcher } = await agentWith(({ name, type }) => {
      if (name.startsWith('silent')) return 'silent';
      return type === 'A' ? ['127.0.0.2'] : [];
    });
    const silent = Array.from({ length: 20 }, (_, n) =>
      safeFetch(`http://silent${n}.example:${port}/`, { dispatcher, ...limits, timeoutMs: 3_000 }).catch(
        () => 'failed',
      ),
    );
    const began = performance.now();
    await safeFetch(`http://healthy.example:${port}/`, { dispatcher, ...limits });
    expect((performance.now() - began) / 1_000).toBeLessThan(2);
    expect(await Promise.all(silent)).toEqual(Array(20).fill('failed'));
  });

  it('of this machine needs no name server, and is refused like its address', async () => {
    const { port, hits } = await serve();
    const local = await agentWith(() => 'unknown', createAddressPolicy(['127.0.0.0/8']));
    await safeFetch(`http://localhost:${port}/`, { dispatcher: local.dispatcher, ...limits });
    const strict = await agentWith(() => 'unknown', publicOnly);
    for (const name of ['localhost', 'LocalHost.', 'a.localhost'])
      await expect(safeFetch(`http://${name}:${port}/`, { dispatcher: strict.dispatcher, ...limits })).rejects.toThrow(
        AddressRefusedError,
      );
    expect([hits.length, local.asked, strict.asked]).toEqual([1, [], []]);
  });

  it('that only the system knows is of use only where an allow list leads inside', async () => {
    const server = await startNameServer(() => 'unknown');
    closing.push(() => server.close());
    // No name server has it, but the system reads it as an address: like a name of its `hosts` file.
    const resolve = (reachesInside: boolean) =>
      new Promise<string[]>((done) =>
        createResolver({ reachesInside }, [server.address])('127.1', (_, found) =>
          done(found.map(({ address }) => address)),
        ),
      );
    expect([await resolve(true), await resolve(false)]).toEqual([['127.0.0.1'], []]);
  });
});

describe('a connection', () => {
  it('that one policy allows is of no use to another', async () => {
    const { port, hits } = await serve();
    const url = `http://shared.example:${port}/`;
    const before = await agentWith(only('127.0.0.2'));
    await safeFetch(url, { dispatcher: before.dispatcher, ...limits });
    // The same origin, an idle connection to it, and a policy that does not allow it any more.
    const after = await agentWith(only('127.0.0.2'), publicOnly);
    await expect(safeFetch(url, { dispatcher: after.dispatcher, ...limits })).rejects.toThrow(AddressRefusedError);
    expect(hits).toHaveLength(1);
  });

  it('of one name is not used for another name of the same address', async () => {
    const { port } = await serve();
    const { dispatcher, asked } = await agentWith(only('127.0.0.2'));
    for (const name of ['one.example', 'two.example'])
      await safeFetch(`http://${name}:${port}/`, { dispatcher, ...limits });
    expect(new Set(asked.map(({ name }) => name))).toEqual(new Set(['one.example', 'two.example']));
  });

  it('is not made to a port of something else', async () => {
    const asked: string[] = [];
    const resolve: ResolveAll = (host, done) => {
      asked.push(host);
      done(null, [{ address: '127.0.0.2', family: 4 }]);
    };
    const dispatcher = createSafeAgent({ policy: reachable, resolve });
    closing.push(() => dispatcher.destroy());
    for (const port of [22, 25, 6379])
      await expect(safeFetch(`http://mail.example:${port}/`, { dispatcher, ...limits })).rejects.toThrow(
        AddressRefusedError,
      );
    expect(asked).toEqual([]);
    await expect(safeFetch('http://web.example:65000/', { dispatcher, ...limits })).rejects.toThrow(ConnectError);
  });
});
