/**
 * A process that posts signed events and says what it cost: `undici` simply posts them, `bullmq` takes each from a queue
 * as a job. Arguments: kind, URL of the receiver, how many are under way at a time, how many in all, how many to warm up
 * with; for `bullmq` the URL of Redis. Prints a line of JSON.
 */
import { randomBytes } from 'node:crypto';
import { Queue, Worker } from 'bullmq';
import { Agent } from 'undici';
import { sampleEvent } from './event.ts';
import { signAndPost } from './sign-and-post.ts';

const [kind = 'undici', url = '', ...rest] = process.argv.slice(2);
const [concurrency = 50, count = 1_000, warmUp = 0] = rest.slice(0, 3).map(Number);
const key = randomBytes(32);
const dispatcher = new Agent({ connections: concurrency, pipelining: 1 });

interface Sample {
  cpuMs: number;
  wallMs: number;
}

/** Measures from the end of the warm-up to the end of the last. */
function measure() {
  let done = 0;
  let began = performance.now();
  let cpu = process.cpuUsage();
  const { promise, resolve } = Promise.withResolvers<Sample>();
  return {
    result: promise,
    count() {
      done += 1;
      if (done === warmUp) {
        began = performance.now();
        cpu = process.cpuUsage();
      }
      if (done < warmUp + count) return;
      const { user, system } = process.cpuUsage(cpu);
      resolve({ cpuMs: (user + system) / 1_000, wallMs: performance.now() - began });
    },
  };
}

async function postThemAll(): Promise<Sample> {
  const measuring = measure();
  let next = 0;
  const lane = async () => {
    for (next += 1; next <= warmUp + count; next += 1) {
      const event = sampleEvent('ins_a', next);
      await signAndPost(url, { id: event.id, body: JSON.stringify(event), key, dispatcher });
      measuring.count();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return measuring.result;
}

async function workThemOff(): Promise<Sample> {
  const { hostname, port } = new URL(rest[3] ?? '');
  const connection = { host: hostname, port: Number(port), maxRetriesPerRequest: null };
  const queue = new Queue('bench', { connection, prefix: '{bench}' });
  for (let n = 1; n <= warmUp + count; n += 500) {
    const length = Math.min(500, warmUp + count - n + 1);
    await queue.addBulk(
      Array.from({ length }, (_, offset) => ({
        name: 'delivery',
        data: sampleEvent('ins_a', n + offset),
        opts: { removeOnComplete: true, attempts: 10 },
      })),
    );
  }
  const measuring = measure();
  const worker = new Worker(
    'bench',
    async (job) => {
      await signAndPost(url, { id: job.data.id, body: JSON.stringify(job.data), key, dispatcher });
      measuring.count();
    },
    { connection, prefix: '{bench}', concurrency },
  );
  const sample = await measuring.result;
  await worker.close();
  await queue.close();
  return sample;
}

const sample = kind === 'bullmq' ? await workThemOff() : await postThemAll();
await dispatcher.close();
console.log(JSON.stringify(sample));
