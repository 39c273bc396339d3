import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { TcpProxy } from './tcp-proxy.ts';

/** A server that answers each text with the same, and a proxy to it. */
async function scene() {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await TcpProxy.start(() => (server.address() as AddressInfo).port);
  const clients: Socket[] = [];
  closers.push(async () => {
    for (const client of clients) client.destroy();
    await proxy.stop();
    await new Promise((resolve) => server.close(resolve));
  });
  const dial = async () => {
    const socket = connect(proxy.port, '127.0.0.1');
    clients.push(socket);
    const heard = { text: '', closed: false };
    socket.on('data', (chunk) => {
      heard.text += chunk;
    });
    socket.on('close', () => {
      heard.closed = true;
    });
    await once(socket, 'connect');
    socket.on('error', () => {});
    return { socket, heard };
  };
  return { proxy, dial };
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe('a TCP proxy', { timeout: 20_000 }, () => {
  it('passes on what is written, both ways', async () => {
    const { dial } = await scene();
    const { socket, heard } = await dial();
    socket.write('hello');
    await eventually(() => heard.text === 'hello');
  });

  it('refuses: open connections end, and dialling is refused until it passes again', async () => {
    const { proxy, dial } = await scene();
    const { heard } = await dial();
    await proxy.set('refuse');
    await eventually(() => heard.closed);
    await expect(dial()).rejects.toThrow('ECONNREFUSED');
    await proxy.set('pass');
    const again = await dial();
    again.socket.write('back');
    await eventually(() => again.heard.text === 'back');
  });

  it('holds: nothing comes while it does, everything comes afterwards, on the same connection', async () => {
    const { proxy, dial } = await scene();
    const { socket, heard } = await dial();
    socket.write('1');
    await eventually(() => heard.text === '1');
    await proxy.set('hold');
    socket.write('2');
    const later = await dial();
    later.socket.write('3');
    const until = performance.now() + 500;
    await eventually(() => performance.now() > until);
    expect([heard.text, later.heard.text]).toEqual(['1', '']);
    await proxy.set('pass');
    await eventually(() => heard.text === '12' && later.heard.text === '3');
    expect([heard.closed, later.heard.closed]).toEqual([false, false]);
  });

  it('swallows: connections stay open, what was written is gone, and they end when it passes again', async () => {
    const { proxy, dial } = await scene();
    const { socket, heard } = await dial();
    const idle = await dial();
    idle.socket.write('1');
    await eventually(() => idle.heard.text === '1');
    await proxy.set('blackhole');
    socket.write('lost');
    const until = performance.now() + 500;
    await eventually(() => performance.now() > until);
    expect([heard.text, heard.closed]).toEqual(['', false]);
    await proxy.set('pass');
    await eventually(() => heard.closed);
    expect(heard.text).toBe('');
    idle.socket.write('2');
    await eventually(() => idle.heard.text === '12');
  });

  it('cuts: open and new connections are closed at once', async () => {
    const { proxy, dial } = await scene();
    const { heard } = await dial();
    await proxy.set('cut');
    await eventually(() => heard.closed);
    // It may be over before it has begun.
    const second = connect(proxy.port, '127.0.0.1');
    second.on('error', () => {});
    await new Promise((resolve) => second.once('close', resolve));
  });
});
