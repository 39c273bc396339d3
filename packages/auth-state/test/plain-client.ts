import { setTimeout as pause } from 'node:timers/promises';
import type { SimulatorClient } from '@flotilla/fleet';
import makeWASocket, {
  type AuthenticationCreds,
  DEFAULT_CONNECTION_CONFIG,
  initAuthCreds,
  type PossiblyExtendedCacheStore,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
  type SocketConfig,
  unpadRandomMax16,
  type WAMessage,
} from '@whiskeysockets/baileys';
import { decodeValue, encodeValue } from '../src/key-values.ts';
import { textOf } from './account.ts';
import { silentLogger } from './silent-logger.ts';

/** A connection of a plain client. */
export interface PlainConnection {
  readonly sock: ReturnType<typeof makeWASocket>;
  readonly qr: string | undefined;
  readonly open: boolean;
  readonly closed: boolean;
  send(jid: string, text: string): Promise<void>;
}

export interface PlainClientOptions {
  phone: string;
  /** How long each read and each write of a key takes at first (ms). There is no cache before them. */
  latencyMs: number;
  /** Refuses what a socket still asks of the keys once it has closed. A plain Baileys server does not. */
  endsWithSocket: boolean;
}

/**
 * A Baileys client with a slow store of keys and without anything of ours but what keeps a session whole on a single
 * socket: a device cache that lasts, and one lock for what is sent and what comes.
 */
export function createPlainClient(simulator: SimulatorClient, options: PlainClientOptions) {
  const creds = initAuthCreds();
  const values = new Map<string, string>();
  const devices = lastingCache();
  const sent = new Map<string, NonNullable<WAMessage['message']>>();
  const received = new Set<string>();
  const readTooLate = new Set<string>();

  let { latencyMs } = options;

  return {
    phone: options.phone,
    /** From now on each read and each write of a key takes so long. */
    setLatency(ms: number) {
      latencyMs = ms;
    },
    /** Ids of the messages that it was told of, on any connection. */
    received,
    /** Texts that were decrypted when their socket had closed: nobody could be told any more that they had come. */
    readTooLate,
    connect(): PlainConnection {
      let qr: string | undefined;
      let open = false;
      let closed = false;
      const pass = async () => {
        await pause(latencyMs);
        if (closed && options.endsWithSocket) throw new Error('The socket of these keys has closed');
      };
      const keys: SignalKeyStore = {
        async get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
          await pass();
          const found = ids.flatMap((id) => {
            const text = values.get(`${type}:${id}`);
            return text === undefined ? [] : [[id, decodeValue(type, text)]];
          });
          return Object.fromEntries(found) as { [id: string]: SignalDataTypeMap[T] };
        },
        async set(data: SignalDataSet) {
          const copies = Object.entries(data).flatMap(([type, entries]) =>
            Object.entries(entries).map(
              ([id, value]) => [`${type}:${id}`, value === null ? null : encodeValue(value)] as const,
            ),
          );
          await pass();
          for (const [field, text] of copies) {
            if (text === null) values.delete(field);
            else values.set(field, text);
          }
        },
      };
      const sock = makeWASocket({
        auth: { creds, keys },
        waWebSocketUrl: simulator.whatsappUrl,
        logger: silentLogger,
        version: [2, 3000, 1],
        makeSignalRepository: oneLock((plaintext) => {
          if (closed) readTooLate.add(textOf(unpadRandomMax16(plaintext)) ?? '');
        }),
        userDevicesCache: devices,
        transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 },
        retryRequestDelayMs: 0,
        getMessage: async ({ id }) => sent.get(id ?? ''),
      });
      sock.ev.on('creds.update', (update) => void Object.assign(creds, update));
      sock.ev.on('connection.update', (update) => {
        qr = update.qr ?? qr;
        if (update.connection === 'open') open = true;
        if (update.connection === 'close') closed = true;
      });
      sock.ev.on('messages.upsert', ({ messages }) => {
        for (const { key, message } of messages) if (message && !key.fromMe && key.id) received.add(key.id);
      });
      return {
        sock,
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
          if (message?.message && message.key.id) sent.set(message.key.id, message.message);
        },
      };
    },
  };
}

/** Takes the lock of a send for everything else that touches sessions. */
const oneLock =
  (onDecrypted: (plaintext: Uint8Array) => void): SocketConfig['makeSignalRepository'] =>
  (auth, logger, pnToLid) => {
    const inner = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(auth, logger, pnToLid);
    const { keys } = auth;
    const creds = auth.creds as AuthenticationCreds;
    if (!('transaction' in keys)) throw new Error('These keys have no transactions');
    const locked = <T>(work: () => Promise<T>) => keys.transaction(work, creds.me?.id ?? 'nobody');
    return {
      ...inner,
      async decryptMessage(given) {
        const plaintext = await locked(() => inner.decryptMessage(given));
        onDecrypted(plaintext);
        return plaintext;
      },
      injectE2ESession: (given) => locked(() => inner.injectE2ESession(given)),
      deleteSession: (jids) => locked(() => inner.deleteSession(jids)),
      migrateSession: (from, to) => locked(() => inner.migrateSession(from, to)),
    };
  };

function lastingCache(): PossiblyExtendedCacheStore {
  const lists = new Map<string, unknown>();
  return {
    get: <T>(user: string) => lists.get(user) as T | undefined,
    set: (user: string, list: unknown) => void lists.set(user, list),
    del: (user: string) => void lists.delete(user),
    flushAll: () => lists.clear(),
  };
}
