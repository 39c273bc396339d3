import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child, eventually, type SimulatorClient } from '@flotilla/fleet';
import { workerFlags } from '../measure/memory.ts';
import type { SendOrder, SendOutcome, WorkOutcome } from './orders.ts';

interface BaselineOptions {
  simulator: SimulatorClient;
  /** Default: the flags of our own workers, and no more. */
  nodeOptions?: string;
}

/** What both baselines are: a process with a folder of its own, and a port. */
interface Baseline {
  readonly child: Child;
  readonly url: string;
  /** Where auth folders of stored numbers belong; see `storeNumbers`. */
  readonly folder: string;
  /** Ends the process and removes its folder. */
  stop(): Promise<void>;
}

/** Bare Baileys as a process; see `bare-baileys.ts`. */
export interface BareBaileys extends Baseline {
  /** Pairs new numbers. */
  link(order: { count: number; atATime: number }): Promise<WorkOutcome>;
  /** Opens stored ones. */
  open(order: { phones: readonly string[]; atATime: number }): Promise<WorkOutcome>;
  /** Sends texts, and waits for the server's ack of each. */
  send(order: SendOrder): Promise<SendOutcome>;
  /** Closes all sockets. */
  close(): Promise<void>;
}

/** A plain server as a process; see `plain-server.ts`. */
export interface PlainServer extends Baseline {
  /** Opens a stored number or begins to pair a new one. */
  connect(id: string): Promise<void>;
  /** Pairs a new number. @returns its phone */
  pair(id: string): Promise<string>;
  /** Waits until so many are open. */
  waitOpen(count: number, options?: { timeoutMs?: number }): Promise<void>;
  /** Sends a text; resolves when the server has answered. */
  send(id: string, to: string, text: string): Promise<void>;
}

/** Longest time that an order to bare Baileys may take (ms). */
const orderMs = 300_000;

const newFolder = (name: string) => mkdtemp(join(tmpdir(), `flotilla-${name}-`));

async function start(
  name: string,
  folder: string,
  { args = [], env }: { args?: string[]; env: Record<string, string | undefined> },
): Promise<Baseline> {
  const child = await Child.start({
    name,
    command: process.execPath,
    args: [fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), ...args],
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: join(tmpdir(), 'flotilla-compile-cache'), ...env },
  });
  const stop = async () => {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const port = await eventually(
      () => {
        if (child.exit) throw new Error(`${name} has ended${child.lastLines()}`);
        return child.logs().find((line) => /^\d+$/.test(line));
      },
      { timeoutMs: 60_000, intervalMs: 20, message: `${name} tells its port` },
    );
    return { child, url: `http://127.0.0.1:${port}`, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function call<T>(url: string, method: string, body?: unknown): Promise<T> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(orderMs),
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} was answered with ${response.status}: ${text}`);
  return JSON.parse(text) as T;
}

/**
 * Starts bare Baileys. Stop it in any case.
 * @param options.folder stored numbers, which stay where they are; default: an empty folder of its own
 */
export async function startBareBaileys({
  simulator,
  nodeOptions = workerFlags,
  folder,
}: BaselineOptions & { folder?: string }): Promise<BareBaileys> {
  const own = await newFolder('bare-baileys');
  const baseline = await start('bare-baileys', own, {
    args: [simulator.whatsappUrl, await simulator.rootKey(), simulator.url, folder ?? own],
    env: { NODE_OPTIONS: nodeOptions },
  });
  const order = <T>(path: string, body: object) => call<T>(`${baseline.url}/${path}`, 'POST', body);
  return {
    ...baseline,
    folder: folder ?? own,
    link: (body) => order('link', body),
    open: (body) => order('open', body),
    send: (body) => order('send', body),
    close: async () => void (await order('close', {})),
  };
}

/**
 * Starts a plain server, which begins at once to open what its folder has. Stop it in any case.
 * @param options.folder auth folders, which stay where they are; default: an empty folder of its own
 * @param options.webhookUrl gets a POST for each event; default: nobody does
 */
export async function startPlainServer({
  simulator,
  nodeOptions = workerFlags,
  folder,
  webhookUrl,
}: BaselineOptions & { folder?: string; webhookUrl?: string }): Promise<PlainServer> {
  const own = await newFolder('plain-server');
  const baseline = await start('plain-server', own, {
    env: {
      NODE_OPTIONS: nodeOptions,
      AUTH_DIR: folder ?? own,
      WEBHOOK_URL: webhookUrl,
      WHATSAPP_URL: simulator.whatsappUrl,
      WHATSAPP_ROOT_KEY: await simulator.rootKey(),
    },
  });
  const { url } = baseline;
  const stateOf = (id: string) => call<{ state: string; qr?: string }>(`${url}/instances/${id}`, 'GET');
  const connect = async (id: string) => void (await call(`${url}/instances/${id}`, 'POST'));
  return {
    ...baseline,
    folder: folder ?? own,
    connect,
    async pair(id) {
      await connect(id);
      const qr = await eventually(async () => (await stateOf(id)).qr, { timeoutMs: 30_000, intervalMs: 50 });
      const { phone } = await simulator.scanQr(qr);
      await eventually(async () => (await stateOf(id)).state === 'open', { timeoutMs: 30_000, intervalMs: 50 });
      return phone;
    },
    async waitOpen(count, { timeoutMs = 120_000 } = {}) {
      await eventually(
        async () => {
          const all = await call<{ state: string }[]>(`${url}/instances`, 'GET');
          const open = all.filter(({ state }) => state === 'open').length;
          if (open < count) throw new Error(`${open} are`);
          return true;
        },
        { timeoutMs, intervalMs: 100, message: `${count} instances of the plain server are open` },
      );
    },
    send: async (id, to, text) => void (await call(`${url}/send`, 'POST', { instance: id, to, text })),
  };
}
