// Started by memory.test.ts: moves a large file through, and prints by how much the process has grown at most (bytes).
import { connectRedis, ready } from '@flotilla/redis';
import { loadConfig } from '@flotilla/service';
import Type from 'typebox';
import { mediaSettings, openMedia } from '../src/config.ts';
import { content } from './content.ts';

const { url = '', REDIS_URL = '', bytes = '0' } = process.env;
const redis = connectRedis(REDIS_URL, { name: 'memory', manner: 'prompt' });
await ready(redis);
const media = openMedia(loadConfig(Type.Object(mediaSettings)), redis);
const tenant = 'ten_memory';

/** So many bytes into storage and out again. */
async function through(size: number): Promise<void> {
  const record = url ? await media.putFromUrl(tenant, `${url}/${size}`) : await media.put(tenant, content(size));
  let read = 0;
  for await (const chunk of (await media.open(tenant, record.id))?.stream ?? []) read += chunk.length;
  if (read !== size) throw new Error(`${read} of ${size} bytes came back`);
}

// What has to be there before anything is measured: libraries, connections, buffers.
await through(1_000_000);
await through(6_000_000);
const before = process.memoryUsage().rss;
let most = before;
const timer = setInterval(() => {
  most = Math.max(most, process.memoryUsage().rss);
}, 5);
await through(Number(bytes));
clearInterval(timer);
process.stdout.write(`grown ${Math.max(most, process.memoryUsage().rss) - before}\n`);
media.close();
redis.disconnect();
