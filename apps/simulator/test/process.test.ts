import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WA_CERT_DETAILS } from '@whiskeysockets/baileys/lib/Defaults/index.js';
import { afterEach, expect, test } from 'vitest';
import { admin, linkedClient } from './client.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [main], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

/** The port in the line that a simulator prints when it is ready. */
async function portOf(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error('no stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, port } = JSON.parse(line) as { msg: string; port: number };
    if (msg === 'simulator.listening') return port;
  }
  throw new Error('it ended before it listened');
}

test('it prints its port as JSON and ends with 0 on SIGTERM, clients connected or not', async () => {
  const child = start({ PORT: '0' });
  const port = await portOf(child);
  const { rootKey } = await admin<{ rootKey: string }>({ port }, 'GET', '/root-key');
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(rootKey, 'hex');
  const client = await linkedClient({ port });
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  await client.close();
});

test('a port in use is said in one sentence', async () => {
  const port = await portOf(start({ PORT: '0' }));
  const second = start({ PORT: String(port) });
  const said: string[] = [];
  second.stderr?.on('data', (data: Buffer) => said.push(data.toString()));
  expect((await once(second, 'exit'))[0]).toBe(1);
  expect(said.join('')).toContain(`PORT ${port} is already in use`);
});

test('idle clients cost next to nothing', { timeout: 60_000 }, async () => {
  const child = start({ PORT: '0' });
  const port = await portOf(child);
  const { rootKey } = await admin<{ rootKey: string }>({ port }, 'GET', '/root-key');
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(rootKey, 'hex');
  const clients = [];
  for (let count = 0; count < 20; count += 1) clients.push(await linkedClient({ port }));
  await sleep(1_000);
  const before = cpuMs(child);
  await sleep(3_000);
  // 20 clients: one sweep a second and nothing else.
  expect(cpuMs(child) - before).toBeLessThan(300);
  expect((await admin<{ connected: number }>({ port }, 'GET', '/counters')).connected).toBe(20);
  for (const client of clients) await client.close();
});

/** Processor time a child has used so far, in milliseconds. Linux counts it in hundredths of a second. */
function cpuMs({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
