import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * A line to a Redis that takes a while on the way there once it is told to: whoever asks and waits for the answer ten
 * times waits ten times as long, whoever asks ten things at once waits once.
 */
export async function openSlowLine(url: string) {
  let delayMs = 0;
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const redis = connect(Number(port), hostname);
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (data) => {
      if (delayMs === 0) redis.write(data);
      else setTimeout(() => redis.writable && redis.write(data), delayMs);
    });
    redis.pipe(client);
    client.on('end', () => redis.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The line has no port');
  const here = new URL(url);
  here.port = String(address.port);
  return {
    url: here.href,
    slowDown: (ms: number) => {
      delayMs = ms;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
