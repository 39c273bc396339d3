/**
 * A receiver of webhooks that notes when each message came first, by its id on WhatsApp, whoever posts it. Prints its
 * port. `GET /count` says how many different ones came, `GET /arrivals` when each came (Unix ms), and forgets them.
 */
import { createServer } from 'node:http';

/** When each message came (Unix ms), by its id. */
export type Arrivals = Record<string, number>;

/** What the two servers post of a message, as far as it is looked at. */
interface Posted {
  type?: string;
  event?: string;
  data?: { message?: { id?: string }; key?: { id?: string } };
}

let arrivals: Arrivals = {};
let count = 0;

function note(body: string, at: number): void {
  const { type, event, data }: Posted = JSON.parse(body);
  if ((type ?? event) !== 'messages.upsert') return;
  const id = data?.message?.id ?? data?.key?.id;
  if (id === undefined || arrivals[id] !== undefined) return;
  arrivals[id] = at;
  count += 1;
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    const isCount = request.url === '/count';
    response.end(JSON.stringify(isCount ? count : arrivals));
    if (!isCount) arrivals = {};
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    note(Buffer.concat(chunks).toString('utf8'), Date.now());
    response.end('ok');
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port');
  console.log(address.port);
});
