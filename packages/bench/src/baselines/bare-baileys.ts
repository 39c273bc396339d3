/**
 * The least that has numbers open: one process, Baileys with its default options, credentials and keys in memory, no
 * API, nothing that is stored, nobody who is told. What differs from the defaults is what a simulator needs (address and
 * root key), and that Baileys logs nothing. Arguments: WhatsApp's URL, its root key, the URL of the simulator's admin
 * API, the folder with the stored numbers (see `stored-numbers.ts`). Prints the port on which it takes orders:
 *
 * - `POST /link {count, atATime}` pairs new numbers
 * - `POST /open {phones, atATime}` opens stored ones
 * - `POST /send {count, atATime, to, from?}` sends texts and waits for the server's ack of each; `from` are phones,
 *   without them all take turns; with `storeIn` the least that durability needs is stored (see `durable-writes.ts`)
 * - `POST /close` closes all
 */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { SimulatorClient } from '@flotilla/fleet';
import makeWASocket, {
  DisconnectReason,
  generateMessageIDV2,
  jidDecode,
  WA_CERT_DETAILS,
  type WASocket,
} from '@whiskeysockets/baileys';
import { pino } from 'pino';
import { quantile } from '../measure/statistics.ts';
import { openDurableWrites } from './durable-writes.ts';
import { createMemoryAuth, loadMemoryAuth, type MemoryAuth, readTexts } from './memory-auth.ts';
import type { SendOrder, SendOutcome, WorkOutcome } from './orders.ts';

const [waWebSocketUrl = '', rootKey = '', adminUrl = '', folder = ''] = process.argv.slice(2);
WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(rootKey, 'hex');
// libsignal prints a line whenever it replaces a session.
for (const method of ['log', 'info', 'warn', 'error'] as const) console[method] = () => undefined;

const simulator = new SimulatorClient(adminUrl);
const logger = pino({ level: 'silent' });
const sockets = new Map<string, WASocket>();
let closing = false;

/** Opens a socket and goes on until it is logged in. Gives the phone. */
function open(auth: MemoryAuth, onQr: (qr: string) => void = () => {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const connect = () => {
      const sock = makeWASocket({ waWebSocketUrl, auth: auth.state, logger });
      sock.ev.on('creds.update', auth.update);
      sock.ev.on('connection.update', ({ connection, qr, lastDisconnect }) => {
        if (qr) onQr(qr);
        const phone = jidDecode(auth.state.creds.me?.id)?.user ?? '';
        if (connection === 'open') {
          sockets.set(phone, sock);
          resolve(phone);
        }
        if (connection !== 'close' || closing) return;
        if (sockets.get(phone) === sock) sockets.delete(phone);
        const error = lastDisconnect?.error as { output?: { statusCode?: number } } | undefined;
        if (error?.output?.statusCode === DisconnectReason.loggedOut) reject(new Error(`${phone} is logged out`));
        else connect();
      });
    };
    connect();
  });
}

async function sideBySide<T>(items: readonly T[], atATime: number, work: (item: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as T);
  };
  await Promise.all(Array.from({ length: atATime }, lane));
}

/** What some work took, of time and of this process. */
async function measured(work: () => Promise<unknown>): Promise<WorkOutcome> {
  const began = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs: performance.now() - began, cpuMs: (user + system) / 1_000, open: sockets.size };
}

const link = () => {
  let scanning = false;
  return open(createMemoryAuth(), (qr) => {
    if (scanning) return;
    scanning = true;
    void simulator.scanQr(qr);
  });
};

async function send({ count, atATime, to, from, storeIn }: SendOrder): Promise<SendOutcome> {
  const senders = (from ?? [...sockets.keys()]).flatMap((phone) => sockets.get(phone) ?? []);
  const waits: number[] = [];
  const writes = storeIn === undefined ? undefined : openDurableWrites(storeIn, 'all');
  const work = await measured(() =>
    sideBySide(
      Array.from({ length: count }, (_, n) => n),
      atATime,
      async (n) => {
        const sock = senders[n % senders.length];
        if (!sock) throw new Error('Nobody is open');
        const messageId = generateMessageIDV2(sock.user?.id);
        const began = performance.now();
        await writes?.take(messageId);
        const acked = new Promise((resolve) => sock.ws.once(`CB:ack,id:${messageId}`, resolve));
        const recipient = to[Math.floor(n / senders.length) % to.length];
        await writes?.beforeWire(messageId);
        await sock.sendMessage(`${recipient}@s.whatsapp.net`, { text: `Message number ${n}` }, { messageId });
        await acked;
        await writes?.step(messageId, 'acked');
        waits.push(performance.now() - began);
        // As the receipt has it, which nobody waits for.
        await writes?.step(messageId, 'delivered');
      },
    ),
  );
  writes?.close();
  return { ...work, p50Ms: quantile(waits, 0.5), p99Ms: quantile(waits, 0.99) };
}

async function closeAll(): Promise<void> {
  closing = true;
  await Promise.all([...sockets.values()].map((sock) => sock.end(undefined)));
  sockets.clear();
  closing = false;
}

const orders: Record<string, (order: never) => Promise<unknown>> = {
  '/link': ({ count, atATime }: { count: number; atATime: number }) =>
    measured(() => sideBySide(Array.from({ length: count }), atATime, link)),
  '/open': ({ phones, atATime }: { phones: string[]; atATime: number }) =>
    measured(async () => {
      const shared = await readTexts(join(folder, 'shared'));
      await sideBySide(phones, atATime, async (phone) => open(await loadMemoryAuth(join(folder, phone), shared)));
    }),
  '/send': send,
  '/close': closeAll,
};

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  try {
    const answer = await orders[request.url ?? '']?.(JSON.parse(body || '{}') as never);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  } catch (error) {
    response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
  }
});
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port');
  process.stdout.write(`${address.port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
