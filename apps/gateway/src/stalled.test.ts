import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { cutOffWhenStalled } from './stalled.ts';

/** Far more than the buffers on the way hold. */
const bytes = 64 * 1_048_576;
const chunk = Buffer.alloc(65_536);

/** Serves a large answer. @param stallMs after which a client that takes nothing is cut off */
async function serve(stallMs: number) {
  let over: () => void = () => {};
  const isOver = new Promise<void>((resolve) => {
    over = resolve;
  });
  const server = createServer((_request, response) => {
    cutOffWhenStalled(response, stallMs);
    const source = Readable.from(Array.from({ length: bytes / chunk.length }, () => chunk));
    response.writeHead(200, { 'content-length': bytes });
    response.once('close', over);
    source.pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  const close = () => {
    socket.destroy();
    server.close();
  };
  return { socket, isOver, close };
}

test('a client that takes nothing is cut off', { timeout: 20_000 }, async () => {
  const { socket, isOver, close } = await serve(500);
  socket.pause();
  await isOver;
  expect(socket.bytesRead).toBeLessThan(bytes);
  close();
});

test('one that reads gets everything', { timeout: 20_000 }, async () => {
  const { socket, isOver, close } = await serve(10_000);
  socket.resume();
  await isOver;
  await expect.poll(() => socket.bytesRead, { timeout: 5_000 }).toBeGreaterThan(bytes);
  close();
});
