import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that arrived. */
interface Received {
  id: string;
  instance: string;
  sequence: number;
  body: string;
  headers: IncomingHttpHeaders;
  path: string;
  /** How many requests were being answered when it came, itself included. */
  atOnce: number;
}

/** What a receiver does with a request: a status, or whatever it likes. */
export type Answer = (received: Received, response: ServerResponse) => number | Promise<number | undefined> | undefined;

/** A real HTTP server that receives webhooks and remembers them. */
export interface Receiver {
  url: string;
  received: Received[];
  /** Ids of requests that were answered with success, in order. */
  accepted: Received[];
  /** Decides from now on. */
  answer(next: Answer): void;
  close(): Promise<void>;
}

/** Starts a receiver; it answers 200 until told otherwise. */
export async function startReceiver(first: Answer = () => 200): Promise<Receiver> {
  let answer = first;
  let atOnce = 0;
  const received: Received[] = [];
  const accepted: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    atOnce += 1;
    response.on('close', () => {
      atOnce -= 1;
    });
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const { id, instance, sequence } = JSON.parse(body);
      const entry = { id, instance, sequence, body, headers: request.headers, path: request.url ?? '', atOnce };
      received.push(entry);
      const status = await answer(entry, response);
      if (status === undefined || response.destroyed) return;
      if (status < 300) accepted.push(entry);
      response.writeHead(status).end(`answer ${status}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    accepted,
    answer: (next) => {
      answer = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
