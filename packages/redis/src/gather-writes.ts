import type { Socket } from 'node:net';

/** The part of a client that holds its socket of now. */
interface Client {
  stream: Pick<Socket, 'write' | 'cork' | 'uncork'>;
  on(event: 'connect', listener: () => void): unknown;
}

/**
 * Has commands that are sent in the same round of the event loop leave in one write: each system call costs as much as
 * making several commands does, and the network and the server read them together in any case. Their order stays, and
 * none waits for longer than what is being done at this moment takes.
 */
export function gatherWrites(client: Client): void {
  client.on('connect', () => {
    const { stream } = client;
    const write = stream.write.bind(stream);
    let isGathering = false;
    const release = () => {
      isGathering = false;
      stream.uncork();
    };
    stream.write = ((...args: Parameters<typeof write>) => {
      if (!isGathering) {
        isGathering = true;
        stream.cork();
        setImmediate(release);
      }
      return write(...args);
    }) as typeof write;
  });
}
