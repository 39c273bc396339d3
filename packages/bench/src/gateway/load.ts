/**
 * A process that posts texts, so many at a time, and says how it went. Arguments: what to do, as JSON ({@link Load}).
 * Prints a line of JSON ({@link LoadOutcome}).
 */
import { Agent, request } from 'undici';
import { quantile } from '../measure/statistics.ts';

/** What to post. */
export interface Load {
  /** The routes to post to, in turn. */
  urls: string[];
  /** The API key, if one is asked for. */
  key?: string;
  /** Whom the texts are for: their phone numbers, one for each route, or one for all. */
  to: string[];
  count: number;
  /** Requests under way at a time. */
  concurrency: number;
}

/** How it went. */
export interface LoadOutcome {
  perSecond: number;
  /** From the request to the end of its answer (ms). */
  p50: number;
  p99: number;
}

const { urls, key, to, count, concurrency }: Load = JSON.parse(process.argv[2] ?? '{}');
const dispatcher = new Agent({ connections: concurrency, pipelining: 1 });
const headers = { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) };
const took: number[] = [];

async function post(n: number): Promise<void> {
  const body = JSON.stringify({ to: to[n % to.length], text: `Your order ${n} has been shipped today.` });
  const began = performance.now();
  const answer = await request(urls[n % urls.length] ?? '', { method: 'POST', headers, body, dispatcher });
  const text = await answer.body.text();
  if (answer.statusCode !== 202) throw new Error(`${answer.statusCode}: ${text}`);
  took.push(performance.now() - began);
}

let next = 0;
const began = performance.now();
await Promise.all(
  Array.from({ length: concurrency }, async () => {
    while (next < count) {
      next += 1;
      await post(next);
    }
  }),
);
const wallMs = performance.now() - began;
await dispatcher.close();
const outcome: LoadOutcome = {
  perSecond: (count / wallMs) * 1_000,
  p50: quantile(took, 0.5),
  p99: quantile(took, 0.99),
};
console.log(JSON.stringify(outcome));
