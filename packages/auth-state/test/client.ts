import type { SimulatorClient } from '@flotilla/fleet';
import makeWASocket, { type WAMessage } from '@whiskeysockets/baileys';
import type { Redis } from 'ioredis';
import { expect } from 'vitest';
import {
  type AuthState,
  createAuthState,
  createKeyCache,
  createSharedCache,
  guardSocket,
  type KeyCache,
  makeSignalRepository,
  type Refusal,
  storePairingFirst,
  transactionOpts,
  watchStanzas,
} from '../src/index.ts';
import { redisStore, type TestStore } from './redis-store.ts';
import { silentLogger } from './silent-logger.ts';

const largeCache = createKeyCache({ maxBytes: 10_000_000 });
const retryCounters = createSharedCache({ max: 1000, lifetimeMs: 3_600_000 });
const sent = new Map<string, NonNullable<WAMessage['message']>>();

/** An instance: what outlives its sockets. */
export interface Client {
  readonly store: TestStore;
  readonly phone: string;
  /** Loads a new auth state and connects. `fresh` is a new owner: nothing is left in memory. */
  connect(options?: { fresh?: boolean; mayCreate?: boolean }): Promise<Connection>;
}

export interface Connection {
  readonly auth: AuthState;
  readonly sock: ReturnType<typeof makeWASocket>;
  readonly refusals: Refusal[];
  readonly qr: string | undefined;
  readonly open: boolean;
  readonly closed: boolean;
  /** Rejects when the message could not be handed to the server. */
  send(jid: string, text: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * @param latencyMs how much longer each call of the store takes
 * @param cache of the keys; all clients share one
 */
export function createClient(
  simulator: SimulatorClient,
  redis: Redis,
  phone: string,
  latencyMs = 0,
  cache: KeyCache = largeCache,
): Client {
  const store = redisStore(redis, phone, { latencyMs });
  let epoch = 1;

  return {
    store,
    phone,
    async connect({ fresh = false, mayCreate = false } = {}) {
      if (fresh) epoch += 1;
      const failed = Promise.withResolvers<void>();
      const auth = await createAuthState({
        instance: phone,
        epoch,
        store,
        cache,
        mayCreate,
        onFailed: () => failed.resolve(),
      });
      const sock = makeWASocket({
        auth: auth.state,
        waWebSocketUrl: simulator.whatsappUrl,
        logger: silentLogger,
        version: [2, 3000, 1],
        transactionOpts,
        makeSignalRepository,
        userDevicesCache: auth.userDevicesCache,
        msgRetryCounterCache: retryCounters.of(phone),
        retryRequestDelayMs: 0,
        getMessage: async ({ id }) => sent.get(id ?? ''),
      });
      const refusals: Refusal[] = [];
      watchStanzas(sock);
      storePairingFirst(sock);
      guardSocket(sock, { mayWrite: () => true, onRefused: (why) => refusals.push(why) });
      let qr: string | undefined;
      let open = false;
      let closed = false;
      sock.ev.on('creds.update', () => void auth.saveCreds());
      sock.ev.on('connection.update', (update) => {
        qr = update.qr ?? qr;
        if (update.connection === 'open') open = true;
        if (update.connection === 'close') closed = true;
      });
      // As the connection worker does.
      void failed.promise.then(() => sock.end(undefined));
      return {
        auth,
        sock,
        refusals,
        get qr() {
          return qr;
        },
        get open() {
          return open && !closed;
        },
        get closed() {
          return closed;
        },
        async send(jid, text) {
          const message = await sock.sendMessage(jid, { text });
          const id = message?.key.id ?? '';
          if (message?.message) sent.set(id, message.message);
          return id;
        },
        async close() {
          await sock.end(undefined);
          await auth.close();
        },
      };
    },
  };
}

/** Links the client with a phone that scans its QR code, and gives the connection that follows the restart. */
export async function link(simulator: SimulatorClient, client: Client): Promise<Connection> {
  const first = await client.connect({ mayCreate: true });
  await expect.poll(() => first.qr, { timeout: 10_000 }).toBeDefined();
  await simulator.scanQr(first.qr ?? '', { phone: client.phone });
  await expect.poll(() => first.closed, { timeout: 10_000 }).toBe(true);
  await first.close();
  return await reconnect(client);
}

export async function reconnect(client: Client, options: { fresh?: boolean } = {}): Promise<Connection> {
  const connection = await client.connect(options);
  await expect.poll(() => connection.open, { timeout: 10_000 }).toBe(true);
  return connection;
}
