import { createServer } from 'node:net';

/** Ports given out by this process: the system may offer one again before its first user has bound it. */
const givenOut = new Set<number>();

/** A TCP port of the loopback address that nothing listens on now. Someone else may still take it before you do. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await offeredPort();
    if (!givenOut.has(port)) {
      givenOut.add(port);
      return port;
    }
  }
}

async function offeredPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The system gave no port');
  return address.port;
}
