import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web server of a test, by path. */
export interface PageServer {
  readonly url: string;
  /** Serves `body` at `path` from now on, and gives its URL. */
  page(path: string, body: string | Buffer, headers?: Record<string, string>, status?: number): string;
  /** Answers a path by hand. */
  on(path: string, answer: (request: IncomingMessage, response: ServerResponse) => void): string;
  close(): Promise<void>;
}

/** Starts a web server on this machine. */
export async function startPages(): Promise<PageServer> {
  const answers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  const server = createServer((request, response) => {
    const answer = answers.get(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    page(path, body, headers = {}, status = 200) {
      answers.set(path, (_request, response) => response.writeHead(status, headers).end(body));
      return `${url}${path}`;
    },
    on(path, answer) {
      answers.set(path, answer);
      return `${url}${path}`;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
