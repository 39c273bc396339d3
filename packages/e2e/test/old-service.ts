/**
 * What people run before they move in: one number on plain Baileys, with its credentials in a folder. A process of its
 * own; what it says are lines of JSON. Environment: FOLDER, WHATSAPP_URL, ROOT_KEY, and CONTACT, whom it greets.
 */
import { DisconnectReason, makeWASocket, useMultiFileAuthState, WA_CERT_DETAILS } from '@whiskeysockets/baileys';

const { FOLDER = '', WHATSAPP_URL = '', ROOT_KEY = '', CONTACT = '' } = process.env;
const tell = (line: object) => console.log(JSON.stringify(line));
const silent = {
  level: 'silent',
  child: () => silent,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(ROOT_KEY, 'hex');
const { state, saveCreds } = await useMultiFileAuthState(FOLDER);

function open(): void {
  const sock = makeWASocket({ auth: state, waWebSocketUrl: WHATSAPP_URL, logger: silent, version: [2, 3000, 1] });
  sock.ev.on('creds.update', saveCreds);
  sock.ev.on('connection.update', ({ connection, qr, lastDisconnect }) => {
    if (qr) tell({ qr });
    if (connection === 'open') {
      tell({ open: state.creds.me?.id });
      void sock.sendMessage(`${CONTACT}@s.whatsapp.net`, { text: 'from the old service' });
    }
    const error = lastDisconnect?.error as { output?: { statusCode?: number } } | undefined;
    if (connection === 'close' && error?.output?.statusCode === DisconnectReason.restartRequired) open();
  });
  sock.ev.on('messages.upsert', ({ messages }) => {
    for (const { key, message } of messages) if (!key.fromMe) tell({ text: message?.conversation ?? null });
  });
  process.once('SIGTERM', () => void sock.end(undefined).then(() => setTimeout(() => process.exit(0), 500)));
}

open();
