/**
 * A process that posts texts at an even pace, whether or not the ones before have been answered. Arguments: what to do,
 * as JSON ({@link PacedLoad}). Prints when it has posted which message, as JSON ({@link Posted}).
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Load } from '../gateway/load.ts';

/** What to post. */
export interface PacedLoad extends Omit<Load, 'concurrency'> {
  perSecond: number;
}

/** When each message was posted (Unix ms), by its id. */
export type Posted = Record<string, number>;

const { urls, key, to, count, perSecond }: PacedLoad = JSON.parse(process.argv[2] ?? '{}');
const dispatcher = new Agent({ connections: 64, pipelining: 1 });
const headers = { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) };
const posted: Posted = {};

async function post(n: number): Promise<void> {
  const body = JSON.stringify({ to: to[n % to.length], text: `Your order ${n} has been shipped today.` });
  const at = Date.now();
  const answer = await request(urls[n % urls.length] ?? '', { method: 'POST', headers, body, dispatcher });
  const { messageId } = (await answer.body.json()) as { messageId?: string };
  if (messageId === undefined) throw new Error(`A request was answered with ${answer.statusCode}`);
  posted[messageId] = at;
}

const began = performance.now();
const all: Promise<void>[] = [];
for (let n = 0; n < count; n += 1) {
  const early = began + (n / perSecond) * 1_000 - performance.now();
  if (early > 1) await pause(early);
  all.push(post(n));
}
await Promise.all(all);
await dispatcher.close();
console.log(JSON.stringify(posted));
