import type { CloseReason, InstanceRecord, InstanceStatus } from '@flotilla/contracts';
import { isStoreError } from '@flotilla/redis';
import type { Logger } from '@flotilla/service';
import type { EventToAppend } from '../instance-store.ts';
import {
  backOffMs,
  foreignLoginsUntilParked,
  foreignLoginWindowMs,
  loginTimeoutMs,
  onClose,
  steadyMs,
  storeRetryMs,
  yieldMs,
} from './close-codes.ts';
import { type ConnectionState, statusOf } from './connection-state.ts';
import type { OpenedSocket, SocketUpdate } from './socket.ts';

export type RecordChange = { [F in keyof InstanceRecord]?: InstanceRecord[F] | null };

export interface ConnectionOptions {
  instance: string;
  log: Logger;
  /** ms to wait for the fleet's next login. */
  takeLogin(): Promise<number>;
  /** Opens a socket and tells what becomes of it. Rejects if credentials cannot be read. */
  open(onUpdate: (update: SocketUpdate) => void): Promise<OpenedSocket>;
  /** Stores a change of the record with its events, in order, trying again while Redis is away. */
  persist(change: RecordChange, events: EventToAppend[]): void;
  /** Deletes the credentials. */
  wipe(): Promise<void>;
  /** Called when WhatsApp refuses the web version. */
  refuseVersion(): Promise<void>;
  /** Sees to it that the instance is connected at that time (Unix ms), whoever holds it then. */
  connectAt(time: number): Promise<void>;
  /** Called when WhatsApp or the network has closed the socket. */
  onClosed?(code: number | undefined): void;
  /** Called after each change of state. */
  onState(state: ConnectionState): void;
}

/** By how much the clocks of two workers may differ (ms). */
const clockSlackMs = 1_000;
/** How long a pairing code is good for (ms): the registration socket that it belongs to lives no longer. */
const pairingCodeTtlMs = 160_000;

/**
 * The connection of one instance: at most one socket, and named states from which everything else follows.
 * Sockets that it has let go of are ignored by identity, whatever they still report.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  #state: ConnectionState = { name: 'idle' };
  /** Aborted when the present state is left: whatever waits in it stops waiting. */
  #leave = new AbortController();
  #socket: OpenedSocket | undefined;
  /** Resolves when every socket that was let go of is closed and its credentials are stored. */
  #closing: Promise<unknown> = Promise.resolve();
  #foreignLogins: number[] = [];
  /** When the present state was entered, on the monotonic clock. */
  #enteredAt = performance.now();
  /** What was told of the present state. */
  #status: InstanceStatus | undefined;
  /** A phone has linked this device on the last socket. */
  #isNewLogin = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The open socket, or undefined in every other state. */
  get openSocket(): OpenedSocket | undefined {
    return this.#state.name === 'open' ? this.#socket : undefined;
  }

  /** Connects, unless it is connected or trying. */
  start(): void {
    const { name } = this.#state;
    if (name === 'idle' || name === 'closed' || name === 'suspended') void this.#connect(1);
  }

  /** Closes the socket, if there is one, and connects anew. */
  async restart(): Promise<void> {
    if (this.#state.name === 'ended') return;
    this.#foreignLogins = [];
    await this.#dropSocket('gently');
    void this.#connect(1);
  }

  /** Closes the socket at once, without a word to anyone: the lease may be another's by now. */
  suspend(): void {
    if (this.#state.name === 'ended' || this.#state.name === 'closed') return;
    this.#enter({ name: 'suspended' });
    void this.#dropSocket('hard');
  }

  /** Closes for good, with a reason that the tenant sees. */
  async close(reason: CloseReason): Promise<void> {
    if (this.#state.name === 'ended') return;
    this.#enter({ name: 'closed', reason });
    await this.#dropSocket('gently');
  }

  /** Removes this device from the account, if it is connected, and wipes the credentials. */
  async logout(): Promise<void> {
    const socket = this.openSocket;
    this.#socket = undefined; // its close is ours: not news
    await socket?.logout().catch(() => {});
    await socket?.close('gently');
    await this.#endPairing('logged-out');
  }

  /** Lets go of the instance without changing what the tenant sees. Resolves when the socket is closed. */
  async end(manner: 'gently' | 'hard' = 'gently'): Promise<void> {
    this.#enter({ name: 'ended' });
    await this.#dropSocket(manner);
  }

  /**
   * Asks WhatsApp for a pairing code; connects first if need be.
   * @param phone digits only
   */
  async requestPairingCode(phone: string, requestId: string, timeoutMs = 20_000): Promise<void> {
    this.start();
    const deadline = performance.now() + timeoutMs;
    while (this.#state.name !== 'pairing') {
      if (performance.now() > deadline || this.#state.name === 'open' || this.#state.name === 'ended') return;
      await this.#stateChange(deadline - performance.now());
    }
    const code = await this.#socket?.requestPairingCode(phone);
    if (!code) return;
    this.#options.persist({ pairingCode: { code, requestId, expiresAt: Date.now() + pairingCodeTtlMs } }, []);
  }

  #stateChange(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#leave.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** The one door into every state. */
  #enter(state: ConnectionState, also: RecordChange = {}): AbortSignal {
    if (this.#state.name === 'ended') return this.#leave.signal;
    this.#leave.abort();
    this.#leave = new AbortController();
    const previous = this.#state;
    this.#state = state;
    this.#enteredAt = performance.now();
    const { persist, onState, log } = this.#options;
    const now = Date.now();
    const status = statusOf(state, now);
    if (status) {
      this.#status = status;
      const { since: _, attempt: _attempt, retryAt: _retryAt, ...shown } = status;
      const told = state.name === 'connecting' && this.#isNewLogin ? { ...shown, isNewLogin: true } : shown;
      this.#isNewLogin = false;
      const leftPairing = previous.name === 'pairing' ? { qr: null, pairingCode: null } : {};
      persist({ ...leftPairing, ...also, status }, [
        { event: { type: 'connection.update', occurredAt: now, data: told } },
      ]);
      log.info(
        { state: state.name, from: previous.name, code: status.code, reason: status.reason },
        'connection.state',
      );
    }
    onState(state);
    return this.#leave.signal;
  }

  async #connect(attempt: number): Promise<void> {
    const left = this.#enter({ name: 'connecting', attempt });
    const { takeLogin, open, log } = this.#options;
    try {
      await this.#dropSocket('hard');
      const wait = await takeLogin();
      if (wait > 0) await this.#stateChange(wait);
      if (left.aborted) return;
      let mine: OpenedSocket | undefined;
      const opened = await open((update) => {
        if (mine !== undefined && this.#socket === mine) this.#onUpdate(update, attempt);
      });
      mine = opened;
      if (left.aborted) {
        await opened.close('hard');
        return;
      }
      this.#socket = opened;
      const timer = setTimeout(() => this.#onClosed(408, attempt), loginTimeoutMs);
      left.addEventListener('abort', () => clearTimeout(timer));
    } catch (error) {
      if (left.aborted) return;
      log.warn({ err: error }, 'connection.failed');
      // WhatsApp was not asked: it is not spared by waiting longer each time, and Redis' return must not be slept through.
      if (isStoreError(error)) this.#backOff(attempt, undefined, storeRetryMs());
      else this.#backOff(attempt + 1, undefined);
    }
  }

  #onUpdate(update: SocketUpdate, attempt: number): void {
    switch (update.kind) {
      case 'qr': {
        const qr = { text: update.qr, expiresAt: update.expiresAt };
        const event = {
          event: {
            type: 'qrcode.updated' as const,
            occurredAt: Date.now(),
            data: { qr: update.qr, expiresAt: update.expiresAt },
          },
        };
        if (this.#state.name !== 'pairing') this.#enter({ name: 'pairing' });
        this.#options.persist({ qr }, [event]);
        return;
      }
      case 'paired':
        // Before anything else can happen: from now on these credentials must not be replaced.
        this.#options.persist({ paired: true }, []);
        this.#isNewLogin = true;
        return;
      case 'open': {
        const { jid, lid, pushName } = update;
        this.#enter({ name: 'open', jid, lid, pushName }, { paired: true });
        return;
      }
      case 'named':
        this.#onNamed(update.pushName);
        return;
      case 'closed':
        this.#onClosed(update.code, attempt, update.until);
    }
  }

  /** Shows the profile name: the phone tells it some time after the first login. */
  #onNamed(pushName: string): void {
    if (this.#state.name !== 'open' || !this.#status || this.#status.pushName === pushName) return;
    this.#status = { ...this.#status, pushName };
    this.#options.persist({ status: this.#status }, []);
  }

  /** @param until Unix ms, if WhatsApp has said when it takes logins again */
  #onClosed(code: number | undefined, attempt: number, until?: number): void {
    const wasPairing = this.#state.name === 'pairing';
    const wasSteady = this.#state.name === 'open' && performance.now() - this.#enteredAt >= steadyMs;
    const next = wasSteady ? 1 : attempt + 1;
    this.#options.onClosed?.(code);
    void this.#dropSocket('hard');
    const action = onClose(code);
    switch (action.do) {
      case 'reconnect':
        // At once, as it says, but not again and again: after each login it would be a loop.
        if (next > 2) this.#backOff(next, code);
        else void this.#connect(next);
        return;
      case 'wipe':
        void this.#endPairing(action.reason, code);
        return;
      case 'park':
        this.#park(action.reason, code, until);
        return;
      case 'yield':
        this.#onForeignLogin(code);
        return;
      case 'update':
        void this.#options.refuseVersion();
        this.#backOff(next, code);
        return;
      case 'back-off':
        // Nobody scanned: all QR codes of this registration are used up.
        if (wasPairing && code === 408) this.#enter({ name: 'closed', reason: 'pairing-timeout' });
        else this.#backOff(next, code);
    }
  }

  #park(reason: CloseReason, code: number | undefined, until?: number): void {
    const retryAt = until !== undefined && until > Date.now() ? until : undefined;
    if (retryAt !== undefined) {
      // Asked for before the instance is let go of, as it is when it has nothing to do.
      this.#options.connectAt(retryAt + clockSlackMs).catch((error: unknown) => {
        this.#options.log.warn({ err: error }, 'connection.retry-not-scheduled');
      });
    }
    this.#enter({ name: 'closed', reason, code, ...(retryAt === undefined ? {} : { retryAt }) });
  }

  /**
   * Another login took over. Whether the instance is still ours is asked by storing the new state, which is fenced: if it
   * is not, this worker loses it there and then. If it is, the other one is nobody of the fleet.
   */
  #onForeignLogin(code: number | undefined): void {
    const now = performance.now();
    this.#foreignLogins = [...this.#foreignLogins.filter((at) => now - at < foreignLoginWindowMs), now];
    if (this.#foreignLogins.length >= foreignLoginsUntilParked)
      this.#enter({ name: 'closed', reason: 'replaced', code });
    else this.#backOff(this.#foreignLogins.length, code, yieldMs);
  }

  #backOff(attempt: number, code: number | undefined, ms = backOffMs(attempt)): void {
    const left = this.#enter({ name: 'backing-off', attempt, retryAt: Date.now() + ms, code });
    const timer = setTimeout(() => void this.#connect(attempt), ms);
    left.addEventListener('abort', () => clearTimeout(timer));
  }

  async #endPairing(reason: CloseReason, code?: number): Promise<void> {
    if (this.#state.name === 'ended') return;
    await this.#dropSocket('hard');
    try {
      await this.#options.wipe();
    } catch (error) {
      // The next owner meets the same 401 and wipes them.
      this.#options.log.warn({ err: error }, 'connection.wipe-failed');
    }
    this.#enter({ name: 'closed', reason, code }, { paired: false, desired: 'stopped' });
  }

  async #dropSocket(manner: 'gently' | 'hard'): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket) this.#closing = Promise.allSettled([this.#closing, socket.close(manner)]);
    await this.#closing;
  }
}
