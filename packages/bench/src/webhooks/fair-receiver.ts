/**
 * A receiver that looks after order: of each path and instance every number must come, one after the other; repetitions
 * may come at any time. `POST /slow/…` is answered after 15 s, everything else at once. Prints its port. `GET /` is
 * answered with a `FairReport` of what came since the last one.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came. */
export interface FairReport {
  /** For each path: how many different events, over all time, and from the event to its arrival (ms) since the last report. */
  paths: Record<string, { events: number; lags: number[] }>;
  /** Repetitions, over all time. */
  repeated: number;
  /** What came too early, over all time. */
  disorders: string[];
}

const slowMs = 15_000;
const last = new Map<string, number>();
const paths: FairReport['paths'] = {};
const disorders: string[] = [];
let repeated = 0;

function note(path: string, body: string) {
  const { instance, sequence, occurredAt } = JSON.parse(body) as Record<'instance', string> &
    Record<'sequence' | 'occurredAt', number>;
  const box = `${path} ${instance}`;
  const expected = (last.get(box) ?? 0) + 1;
  if (sequence < expected) {
    repeated += 1;
    return;
  }
  if (sequence > expected) disorders.push(`${box}: ${sequence} came when ${expected} was due`);
  last.set(box, sequence);
  paths[path] ??= { events: 0, lags: [] };
  paths[path].events += 1;
  paths[path].lags.push(Date.now() - occurredAt);
}

const server = createServer((request, response) => {
  const path = request.url ?? '';
  if (request.method === 'GET') {
    response.end(JSON.stringify({ paths, repeated, disorders } satisfies FairReport));
    for (const each of Object.values(paths)) each.lags = [];
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const arrived = () => {
      note(path, Buffer.concat(chunks).toString('utf8'));
      response.end('ok');
    };
    if (path.startsWith('/slow')) setTimeout(arrived, slowMs);
    else arrived();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
