import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ConnectError, createAddressPolicy, createSafeAgent, FetchTimeoutError, safePost } from './index.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Starts a server on a port of the system's choice, or on this one. */
async function serve(listener: RequestListener, port = 0) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  closing.push(close);
  return { port: (server.address() as AddressInfo).port, close };
}

function agent() {
  const dispatcher = createSafeAgent({ policy: createAddressPolicy(['127.0.0.0/8']), connections: 1 });
  closing.push(() => dispatcher.destroy());
  return dispatcher;
}

const options = { path: '/hook?x=1', headers: ['x-mine', 'yes'], timeoutMs: 5_000, maxResponseBytes: 1_000 };
const post = (dispatcher: ReturnType<typeof agent>, port: number, more: object = {}) =>
  safePost({ ...options, dispatcher, origin: `http://127.0.0.1:${port}`, body: Buffer.from('{}'), ...more });

describe('safePost', () => {
  it('posts bytes and reads the answer', async () => {
    const { port } = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => response.writeHead(201).end(`${request.url} ${request.headers['x-mine']} ${body}`));
    });
    const answer = await post(agent(), port).done;
    expect([answer.status, answer.body.toString(), answer.truncated]).toEqual([201, '/hook?x=1 yes {}', false]);
  });

  it('cuts off an answer that has no end, and asks the next on a connection of its own', async () => {
    let requests = 0;
    const { port } = await serve((_, response) => {
      requests += 1;
      if (requests > 1) return void response.end('second');
      const timer = setInterval(() => response.write(Buffer.alloc(10_000, 'a')), 1);
      response.once('close', () => clearInterval(timer));
    });
    const dispatcher = agent();
    const first = await post(dispatcher, port).done;
    expect([first.body.length, first.truncated]).toEqual([1_000, true]);
    expect((await post(dispatcher, port).done).body.toString()).toBe('second');
  });

  it('takes no longer than it may, whatever the receiver does', async () => {
    const silent = await serve(() => {});
    const dripping = await serve((_, response) => {
      const timer = setInterval(() => response.write('a'), 50);
      response.once('close', () => clearInterval(timer));
    });
    const mute = createTcpServer(() => {});
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    closing.push(() => mute.close());
    for (const port of [silent.port, dripping.port, (mute.address() as AddressInfo).port])
      await expect(post(agent(), port, { timeoutMs: 400 }).done).rejects.toThrow(FetchTimeoutError);
  });

  it('can be aborted', async () => {
    const { port } = await serve(() => {});
    const pending = post(agent(), port);
    const reason = new Error('no more');
    pending.abort(reason);
    await expect(pending.done).rejects.toBe(reason);
  });

  it('tries a connection once more that fails at once, and no more often', async () => {
    let connections = 0;
    const server = createTcpServer((socket) => {
      connections += 1;
      if (connections === 2) socket.end('HTTP/1.1 204 No Content\r\n\r\n');
      else socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    expect((await post(agent(), port, { instantRetryMs: 5_000 }).done).status).toBe(204);
    expect(connections).toBe(2);
    await expect(post(agent(), port, { instantRetryMs: 5_000 }).done).rejects.toThrow(ConnectError);
    expect(connections).toBe(4);
    await expect(post(agent(), port).done).rejects.toThrow(ConnectError);
    expect(connections).toBe(5);
  });

  it('says that nobody listens, also to many who ask at once', async () => {
    const { port, close } = await serve(() => {});
    await close();
    const dispatcher = agent();
    const failures = await Promise.all(
      Array.from({ length: 20 }, () =>
        post(dispatcher, port, { instantRetryMs: 5_000 }).done.catch((error: unknown) => error),
      ),
    );
    for (const failure of failures) expect(failure).toMatchObject({ name: 'ConnectError', code: 'ECONNREFUSED' });
  });
});
