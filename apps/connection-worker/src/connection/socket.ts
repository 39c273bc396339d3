import {
  type AuthState,
  guardSocket,
  type KeyCache,
  keepPrivacyTokens,
  makeSignalRepository,
  type Sealer,
  type SharedCache,
  storePairingFirst,
  transactionOpts,
  watchStanzas,
} from '@flotilla/auth-state';
import type { Converter, Media } from '@flotilla/media';
import type { Redis } from '@flotilla/redis';
import makeWASocket, { DisconnectReason, proto, type WASocket, type WAVersion } from '@whiskeysockets/baileys';
import type { LinkPreviews } from '../commands/link-preview.ts';
import { createIntake } from '../events/intake.ts';
import type { Me } from '../events/party.ts';
import type { WorkerFaultPoints } from '../fault-points.ts';
import type { Holding } from '../holding.ts';
import type { InstanceStore } from '../instance-store.ts';
import type { FileFetching } from '../media/incoming-files.ts';
import type { Requester } from '../request-lane.ts';
import type { Sender } from '../send-lane.ts';
import { loadAuth } from './auth-store.ts';
import { tellGroupUpdatesSingly } from './group-updates.ts';
import { createRequester } from './requester.ts';
import { trimRetryCaches } from './retry-caches.ts';
import { createSender } from './sender.ts';
import { silentLogger } from './silent-logger.ts';

/** What a socket tells its connection. */
export type SocketUpdate =
  | { kind: 'qr'; qr: string; expiresAt: number }
  /** A phone has linked this device; WhatsApp asks for a new connection next. */
  | { kind: 'paired' }
  | { kind: 'open'; jid: string; lid: string; pushName?: string }
  /** WhatsApp has told the profile name, or another one. */
  | { kind: 'named'; pushName: string }
  /** `until`: Unix ms from which on WhatsApp takes logins again, if it has said so. */
  | { kind: 'closed'; code?: number; until?: number };

export interface OpenedSocket {
  sender: Sender;
  requester: Requester;
  /** @param phone digits only @returns eight characters, as XXXX-XXXX */
  requestPairingCode(phone: string): Promise<string>;
  /** Tells WhatsApp to remove this device. */
  logout(): Promise<void>;
  /** Closes the socket, at once or with a farewell, and waits until what it changed is stored. Never rejects. */
  close(manner: 'gently' | 'hard'): Promise<void>;
}

export interface SocketContext {
  redis: Redis;
  url: string;
  keyRing: Sealer;
  keyCache: KeyCache;
  /** What Baileys would keep in a cache of each socket. */
  shared: Record<'retryCounters' | 'callOffers' | 'placeholders', SharedCache>;
  knownNumbers: { has(key: string): boolean; add(key: string): void };
  faults: WorkerFaultPoints;
  media: Media;
  converter: Converter;
  previews: LinkPreviews;
  fetching: FileFetching;
  /** Larger files of messages are not fetched (bytes); 0: no limit. */
  largestFile: number;
  version(): Promise<WAVersion | undefined>;
  /** Whether the worker's lease allows to write now. */
  mayWork(): boolean;
}

/** WhatsApp shows the first QR code for a minute and each further one for twenty seconds (ms). */
const firstQrMs = 60_000;
const nextQrMs = 20_000;
/**
 * How often to ask the server for a sign of life (ms). Baileys looks at the same moments, and gives up after 5 s more
 * than this without any: so a server that has fallen silent is noticed after 35 s at the latest.
 */
const keepAliveMs = 15_000;
/** How long the server may take until it says its first word (ms). */
const greetingMs = 20_000;
/** How long a farewell may take (ms). */
const farewellMs = 2_000;

/** Opens a socket for an instance that this worker holds: loads credentials, connects, and reports. */
export async function openSocket(
  context: SocketContext,
  holding: Holding,
  onUpdate: (update: SocketUpdate) => void,
): Promise<OpenedSocket> {
  const closed = new AbortController();
  let loaded: AuthState | undefined;
  const intake = createIntake({
    redis: context.redis,
    fetching: context.fetching,
    largestFile: context.largestFile,
    holding,
    faults: context.faults,
    me: () => loaded && ownAddresses(loaded),
    mayWork: context.mayWork,
    signal: closed.signal,
    giveUp: () => closed.abort(),
  });
  const auth = await loadAuth(context, holding, intake, () => closed.abort());
  loaded = auth;
  const { settings } = holding.instance;
  const version = await context.version();
  const sock = makeWASocket({
    ...(version ? { version } : {}),
    waWebSocketUrl: context.url,
    auth: auth.state,
    logger: silentLogger,
    transactionOpts,
    // Baileys would set this time for each frame that it sends, too: two stack traces, an error and a timer, which cost
    // more than the frame. See `boundGreeting`; a server that takes no frames is noticed by its silence.
    connectTimeoutMs: 0,
    makeSignalRepository: storingRepository(holding.store, context.faults),
    userDevicesCache: auth.userDevicesCache,
    msgRetryCounterCache: context.shared.retryCounters.of(holding.id),
    callOfferCache: context.shared.callOffers.of(holding.id),
    placeholderResendCache: context.shared.placeholders.of(holding.id),
    // Without a pause, so that one unreadable message does not hold up the account.
    retryRequestDelayMs: 0,
    keepAliveIntervalMs: keepAliveMs,
    emitOwnEvents: false,
    markOnlineOnConnect: settings.markOnline ?? false,
    syncFullHistory: settings.syncFullHistory ?? false,
    getMessage: async ({ id }) => {
      try {
        const content = id ? await holding.store.sentContent(id) : undefined;
        return content && proto.Message.decode(content);
      } catch (error) {
        // Whoever asks for it must not be told that their request has arrived: it comes again with the next login.
        closed.abort();
        throw error;
      }
    },
  });
  trimRetryCaches(sock);
  guardSocket(sock, { mayWrite: context.mayWork, onRefused: () => closed.abort() });
  boundGreeting(sock);
  boundFarewell(sock);
  watchStanzas(sock);
  tellGroupUpdatesSingly(sock.ev);
  keepPrivacyTokens(sock.authState.keys);
  storePairingFirst(sock);
  intake.listen(sock);
  closed.signal.addEventListener('abort', () => terminate(sock));
  report(sock, auth, closed, context.faults, (update) => {
    if (update.kind === 'open') intake.open();
    onUpdate(update);
  });

  const numbers = context.knownNumbers;
  const { id: instance, tenant, history, store } = holding;
  const { redis, media, converter, previews } = context;
  const files = { media, converter, previews };
  const working = { sock, instance, tenant, history, store, redis, ...files, settings, signal: closed.signal };
  return {
    requester: createRequester({ ...working, fetchAgain: intake.fetchAgain }),
    sender: createSender({
      context: working,
      changesOf: intake.changesOf,
      log: holding.log,
      faults: context.faults,
      knownNumbers: {
        has: (jid) => numbers.has(`${holding.id} ${jid}`),
        add: (jid) => numbers.add(`${holding.id} ${jid}`),
      },
    }),
    async requestPairingCode(phone) {
      const code = await sock.requestPairingCode(phone);
      return `${code.slice(0, 4)}-${code.slice(4)}`;
    },
    logout: async () => {
      await sock.logout();
    },
    async close(manner) {
      if (manner === 'hard') terminate(sock);
      await sock.end(undefined).catch(() => {});
      closed.abort();
      await intake.close();
      await auth.close();
    },
  };
}

/**
 * The repository of each socket: a ciphertext is given back when its ratchet is stored, and with it what was left for the
 * next write, such as the journal of the message.
 */
function storingRepository(store: InstanceStore, faults: WorkerFaultPoints): typeof makeSignalRepository {
  return (...args) => {
    const repository = makeSignalRepository(...args);
    return {
      ...repository,
      async encryptMessage(options) {
        const encrypted = await repository.encryptMessage(options);
        await store.settle();
        faults.reach('crash-between-encryption-and-write');
        return encrypted;
      },
      async encryptGroupMessage(options) {
        const encrypted = await repository.encryptGroupMessage(options);
        await store.settle();
        return encrypted;
      },
    };
  };
}

/** This number's own addresses, once a phone has linked it. */
const ownAddresses = ({ state: { creds } }: AuthState): Me | undefined =>
  creds.me && { jid: creds.me.id, lid: creds.me.lid ?? '' };

/** Translates what Baileys reports. */
function report(
  sock: WASocket,
  auth: AuthState,
  closed: AbortController,
  faults: WorkerFaultPoints,
  onUpdate: (update: SocketUpdate) => void,
): void {
  let qrMs = firstQrMs;
  sock.ev.on('creds.update', ({ me }) => {
    void auth.saveCreds();
    if (me?.name) onUpdate({ kind: 'named', pushName: me.name });
  });
  sock.ev.on('connection.update', ({ connection, qr, isNewLogin, lastDisconnect }) => {
    if (qr) {
      onUpdate({ kind: 'qr', qr, expiresAt: Date.now() + qrMs });
      qrMs = nextQrMs;
    }
    if (isNewLogin) {
      onUpdate({ kind: 'paired' });
      void auth.saveCreds().then(() => faults.reach('crash-in-pairing'));
    }
    if (connection === 'open') {
      const { me } = auth.state.creds;
      onUpdate({ kind: 'open', jid: me?.id ?? '', lid: me?.lid ?? '', pushName: me?.name });
    }
    if (connection === 'close') {
      closed.abort();
      const error = lastDisconnect?.error;
      onUpdate({ kind: 'closed', code: closeCode(error), until: banEnd(error, Date.now()) });
    }
  });
}

/** The code with which a socket ended: Baileys wraps it into an error that carries an HTTP-like status. */
function closeCode(error: Error | undefined): number | undefined {
  if (!error || !('output' in error)) return undefined;
  const { statusCode } = error.output as { statusCode?: number };
  return statusCode === DisconnectReason.timedOut ? 408 : statusCode;
}

/** When a ban ends (Unix ms): `<failure reason='402' expire='…'>` says in how many seconds. */
function banEnd(error: Error | undefined, now: number): number | undefined {
  const { expire } = (error as { data?: { expire?: string } } | undefined)?.data ?? {};
  const seconds = Number(expire);
  return seconds > 0 ? now + seconds * 1_000 : undefined;
}

/** What this needs of the `ws` WebSocket below Baileys' client. */
interface RawSocket {
  close(...args: unknown[]): void;
  terminate(): void;
}

/** Protected in Baileys' types; null once it is closed. */
const rawSocket = (sock: WASocket) => (sock.ws as unknown as { socket: RawSocket | null }).socket;

/** A server that does not answer is not waited for. What comes after its first frame has bounds of its own. */
function boundGreeting(sock: WASocket): void {
  const timer = setTimeout(() => terminate(sock), greetingMs);
  for (const event of ['frame', 'close']) sock.ws.once(event, () => clearTimeout(timer));
}

/** A socket that is closed waits half a minute for the other side's farewell, and tells nobody meanwhile: too long. */
function boundFarewell(sock: WASocket): void {
  const socket = rawSocket(sock);
  if (!socket) return;
  const close = socket.close.bind(socket);
  socket.close = (...args) => {
    close(...args);
    setTimeout(() => socket.terminate(), farewellMs).unref();
  };
}

/** Destroys the TCP connection at once; `end` alone would wait for the other side's farewell. */
function terminate(sock: WASocket): void {
  rawSocket(sock)?.terminate();
}
