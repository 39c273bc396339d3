/**
 * A plain server, as people write it: one process, Express, Baileys with its default options and its multi-file auth
 * state, a map of sockets in memory, one POST for each event. Nothing is queued, journalled, fenced or tried again.
 * Environment: `AUTH_DIR` (a folder for each number, opened at the start), `WEBHOOK_URL` (optional), `WHATSAPP_URL`,
 * `WHATSAPP_ROOT_KEY`. Prints its port.
 *
 * - `POST /instances/:id` opens a number, or begins to pair it
 * - `GET /instances` says of each in which state it is; `GET /instances/:id` also gives the QR code
 * - `POST /send {instance, to, text}` answers when Baileys has handed the message to its socket
 */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import makeWASocket, {
  DisconnectReason,
  useMultiFileAuthState,
  WA_CERT_DETAILS,
  type WASocket,
} from '@whiskeysockets/baileys';
import express from 'express';
import { pino } from 'pino';

const { AUTH_DIR: authDir = '', WEBHOOK_URL: webhookUrl, WHATSAPP_URL: waWebSocketUrl = '' } = process.env;
WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(process.env.WHATSAPP_ROOT_KEY ?? '', 'hex');
for (const method of ['log', 'info', 'warn', 'error'] as const) console[method] = () => undefined;

interface Instance {
  sock: WASocket;
  state: 'connecting' | 'open' | 'closed';
  qr?: string;
}

const logger = pino({ level: 'silent' });
const instances = new Map<string, Instance>();

function post(instance: string, event: string, data: unknown): void {
  if (webhookUrl === undefined) return;
  fetch(webhookUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ instance, event, data }),
  })
    .then((response) => response.arrayBuffer())
    .catch(() => {});
}

async function connect(id: string): Promise<void> {
  const { state, saveCreds } = await useMultiFileAuthState(join(authDir, id));
  const sock = makeWASocket({ waWebSocketUrl, auth: state, logger });
  const instance: Instance = { sock, state: 'connecting' };
  instances.set(id, instance);
  sock.ev.on('creds.update', saveCreds);
  sock.ev.on('messages.upsert', ({ messages }) => {
    for (const message of messages) post(id, 'messages.upsert', message);
  });
  sock.ev.on('messages.update', (updates) => {
    for (const update of updates) post(id, 'messages.update', update);
  });
  sock.ev.on('connection.update', ({ connection, qr, lastDisconnect }) => {
    if (qr) instance.qr = qr;
    if (!connection) return;
    instance.state = connection === 'close' ? 'closed' : connection;
    post(id, 'connection.update', { connection });
    if (connection !== 'close') return;
    const error = lastDisconnect?.error as { output?: { statusCode?: number } } | undefined;
    if (error?.output?.statusCode !== DisconnectReason.loggedOut) void connect(id);
  });
}

const app = express();
app.use(express.json());
app.post('/instances/:id', async ({ params: { id } }, response) => {
  await connect(id);
  response.status(201).json({ id });
});
app.get('/instances', (_request, response) => {
  response.json([...instances].map(([id, { state }]) => ({ id, state })));
});
app.get('/instances/:id', ({ params: { id } }, response) => {
  const instance = instances.get(id);
  if (instance) response.json({ id, state: instance.state, qr: instance.qr });
  else response.status(404).json({ error: 'not found' });
});
app.post('/send', async ({ body: { instance: id, to, text } }, response) => {
  const instance = instances.get(id);
  if (instance?.state !== 'open') {
    response.status(409).json({ error: 'not open' });
    return;
  }
  const message = await instance.sock.sendMessage(`${to}@s.whatsapp.net`, { text });
  response.json({ id: message?.key.id });
});

await mkdir(authDir, { recursive: true });
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port');
  process.stdout.write(`${address.port}\n`);
});
await Promise.all((await readdir(authDir)).map(connect));
process.on('SIGTERM', () => process.exit(0));
