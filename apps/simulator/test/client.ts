import { eventually as within } from '@flotilla/testkit';
import {
  type AuthenticationCreds,
  type Contact,
  initAuthCreds,
  makeWASocket,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
  type UserFacingSocketConfig,
  type WAMessage,
} from '@whiskeysockets/baileys';
import { WA_CERT_DETAILS } from '@whiskeysockets/baileys/lib/Defaults/index.js';
import type { Simulator } from '../src/simulator.ts';
import { startSimulator } from '../src/simulator.ts';
import type { BinaryNode } from '../src/wire/node.ts';

/** A logger that says nothing, for the simulator and for Baileys. */
const silent = {
  level: 'silent',
  child: () => silent,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A simulator, in this process or in another one. */
export type Server = Pick<Simulator, 'port'>;

/** Starts a simulator on a free port and lets Baileys trust it. */
export async function testSimulator(): Promise<Simulator> {
  const simulator = await startSimulator({ host: '127.0.0.1', port: 0, log: silent });
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(simulator.network.noise.rootKey);
  return simulator;
}

/** Calls the admin API and returns the body, whatever the status. */
export async function admin<T>(simulator: Server, method: string, path: string, body?: object | string): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${simulator.port}/admin${path}`, {
    method,
    ...(body !== undefined && {
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' },
    }),
  });
  return (await response.json()) as T;
}

/** Waits until `probe` returns something other than undefined, false or null. Fails with `what` after `ms`. */
export function eventually<T>(what: string, probe: () => T | Promise<T>, ms = 8_000) {
  return within(probe, { timeoutMs: ms, intervalMs: 10, message: what });
}

/** What survives a client: credentials and keys, copied on each access as a database would. */
export interface Auth {
  creds: AuthenticationCreds;
  keys: SignalKeyStore;
}

export function newAuth(): Auth {
  const data = new Map<string, unknown>();
  return {
    creds: initAuthCreds(),
    keys: {
      get: async <T extends keyof SignalDataTypeMap>(type: T, ids: string[]) => {
        const found: Record<string, SignalDataTypeMap[T]> = {};
        for (const id of ids) {
          const value = data.get(`${type}|${id}`);
          if (value) found[id] = structuredClone(value) as SignalDataTypeMap[T];
        }
        return found;
      },
      set: async (changes: SignalDataSet) => {
        for (const [type, values] of Object.entries(changes)) {
          for (const [id, value] of Object.entries(values)) {
            if (value) data.set(`${type}|${id}`, structuredClone(value));
            else data.delete(`${type}|${id}`);
          }
        }
      },
    },
  };
}

/** One Baileys client and what it was told. */
export class Client {
  readonly auth: Auth;
  readonly sock: ReturnType<typeof makeWASocket>;
  readonly messages: { type: string; message: WAMessage }[] = [];
  readonly statuses: { id: string; status: number }[] = [];
  readonly acks: BinaryNode[] = [];
  readonly receipts: BinaryNode[] = [];
  /** All that it was told of since it was made: some of it may come before whoever waits for "open" hears of that. */
  readonly contacts: Contact[] = [];
  qr: string | undefined;
  open = false;
  /** Status code of the close. */
  closed: number | undefined;

  constructor(simulator: Server, auth: Auth, options: Partial<UserFacingSocketConfig> = {}) {
    this.auth = auth;
    this.sock = makeWASocket({
      auth,
      waWebSocketUrl: `ws://127.0.0.1:${simulator.port}/ws/chat`,
      logger: silent as unknown as NonNullable<UserFacingSocketConfig['logger']>,
      version: [2, 3000, 1],
      retryRequestDelayMs: 0,
      markOnlineOnConnect: true,
      ...options,
    });
    const { ev, ws } = this.sock;
    ev.on('creds.update', (update) => Object.assign(auth.creds, update));
    ev.on('connection.update', ({ connection, qr, lastDisconnect }) => {
      if (qr) this.qr = qr;
      if (connection === 'open') this.open = true;
      if (connection !== 'close') return;
      const error = lastDisconnect?.error as { output?: { statusCode?: number } } | undefined;
      this.closed = error?.output?.statusCode ?? 0;
    });
    ev.on('messages.upsert', ({ messages, type }) => {
      for (const message of messages) {
        this.messages.push({ type, message });
        // Receipts that come at once are merged into the event of the message that they are about.
        if (message.status != null) this.statuses.push({ id: message.key.id ?? '', status: message.status });
      }
    });
    ev.on('contacts.upsert', (contacts) => this.contacts.push(...contacts));
    ev.on('messages.update', (updates) => {
      for (const { key, update } of updates)
        if (update.status != null) this.statuses.push({ id: key.id ?? '', status: update.status });
    });
    ws.on('CB:receipt', (receipt: BinaryNode) => this.receipts.push(receipt));
    ws.on('CB:ack', (ack: BinaryNode) => this.acks.push(ack));
  }

  /** Texts of messages from others, with how they came. */
  get texts(): { type: string; text: string; id: string }[] {
    return this.messages.flatMap(({ type, message }) => {
      const text = message.message?.conversation ?? message.message?.extendedTextMessage?.text;
      return text && !message.key.fromMe ? [{ type, text, id: message.key.id ?? '' }] : [];
    });
  }

  async close(): Promise<void> {
    await this.sock.end(undefined);
  }
}

/** Connects and waits for "open". */
export async function connect(
  simulator: Server,
  auth: Auth,
  options?: Partial<UserFacingSocketConfig>,
): Promise<Client> {
  const client = new Client(simulator, auth, options);
  await eventually('open', () => client.open);
  return client;
}

/** Links a new client by QR code, follows the restart, and waits for "open". */
export async function linkedClient(
  simulator: Server,
  phone?: string,
  options?: Partial<UserFacingSocketConfig>,
): Promise<Client & { phone: string }> {
  const first = new Client(simulator, newAuth(), options);
  const qr = await eventually('a QR code', () => first.qr);
  const linked = await admin<{ phone: string }>(simulator, 'POST', '/mock-phone/scan-qr', {
    qr,
    ...(phone && { phone }),
  });
  await eventually('the restart', () => first.closed === 515);
  return Object.assign(await connect(simulator, first.auth, options), { phone: linked.phone });
}
