/**
 * A receiver of webhooks that notes when each message came first, by its id on WhatsApp, whoever posts it. Prints its
 * port. `GET /count` says how many different ones came, `GET /arrivals` when each came (Unix ms), and forgets them;
 * `GET /lateness` how much later than asked its timers came since it was asked last, one of a hundred (ms).
 */
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';

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

/** Between two timers (ms). */
const resolution = 5;
const delay = monitorEventLoopDelay({ resolution });
delay.enable();

function lateness(): number {
  const late = delay.percentile(99) / 1e6 - resolution;
  delay.reset();
  return Math.max(0, late);
}

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
    if (request.url === '/count') response.end(JSON.stringify(count));
    else if (request.url === '/lateness') response.end(JSON.stringify(lateness()));
    else {
      response.end(JSON.stringify(arrivals));
      arrivals = {};
    }
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
