import { randomBytes } from 'node:crypto';
import type { Account } from './account.ts';
import { lidJid, pnJid } from './jid.ts';
import { OfflineQueue } from './offline-queue.ts';
import type { Bundle } from './signal/party.ts';
import { PreKeyStore } from './signal/pre-key-store.ts';
import { type BinaryNode, node, serverJid } from './wire/node.ts';
import type { ClientStream } from './wire/stream.ts';

/** What a companion shows when it registers. */
export interface Registration {
  noiseKey: Buffer;
  identity: Buffer;
  registrationId: number;
  signedPreKey: Bundle['signedPreKey'];
}

/** From when to when a device was logged in, in Unix ms; without an end it still is. */
export interface ConnectionTime {
  from: number;
  to?: number;
}

/** A linked device (companion) of an account. Its number is never given to another one. */
export class Device {
  readonly account: Account;
  readonly id: number;
  readonly noiseKey: Buffer;
  readonly identity: Buffer;
  readonly registrationId: number;
  signedPreKey: Bundle['signedPreKey'];
  /** Encoded `ADVSignedDeviceIdentity` with the account's key: what peers receive. */
  readonly signedIdentity: Buffer;
  readonly preKeys = new PreKeyStore();
  readonly queue = new OfflineQueue();
  /** When it was logged in. A login that replaces another one ends that one's time. */
  readonly connections: ConnectionTime[] = [];
  #stream: ClientStream | undefined;
  pushName: string | undefined;
  /** Said `<presence type='available'>` on the present connection. */
  available = false;
  logins = 0;
  /** The phone's first messages (key share, history) are still to be sent. */
  awaitsHistory = true;

  constructor(account: Account, id: number, registration: Registration, signedIdentity: Buffer) {
    this.account = account;
    this.id = id;
    this.noiseKey = registration.noiseKey;
    this.identity = registration.identity;
    this.registrationId = registration.registrationId;
    this.signedPreKey = registration.signedPreKey;
    this.signedIdentity = signedIdentity;
  }

  /** The connection that is logged in; a replaced one is no longer here. */
  get stream(): ClientStream | undefined {
    return this.#stream;
  }

  set stream(stream: ClientStream | undefined) {
    if (stream === this.#stream) return;
    const last = this.connections.at(-1);
    if (last && last.to === undefined) last.to = Date.now();
    if (stream) this.connections.push({ from: Date.now() });
    this.#stream = stream;
  }

  /** Never 0: clients drop companions without a key index. */
  get keyIndex(): number {
    return this.id;
  }

  get pn(): string {
    return pnJid(this.account.phone, this.id);
  }

  get lid(): string {
    return lidJid(this.account.lid, this.id);
  }

  /** `phone:device`, as ground truth names devices. */
  get name(): string {
    return `${this.account.phone}:${this.id}`;
  }

  /** Queues a stanza until it is confirmed and sends it now if the device takes part in live traffic. */
  deliver(stanza: BinaryNode): void {
    const waiting = this.queue.add(stanza);
    if (this.stream?.live) {
      waiting.sent = true;
      this.stream.send(stanza);
    }
  }

  /** Takes a one-time key out for somebody who opens a session. Tells the client when they run low. */
  takeBundle(): Bundle {
    const preKey = this.preKeys.take();
    // Clients only fill up below five; they are told in time, and once more when nothing is left.
    if (preKey && (this.preKeys.size === 4 || this.preKeys.size === 0)) this.#warnOfFewPreKeys();
    return {
      registrationId: this.registrationId,
      identity: this.identity,
      signedPreKey: this.signedPreKey,
      ...(preKey && { preKey }),
      deviceIdentity: this.signedIdentity,
    };
  }

  #warnOfFewPreKeys(): void {
    const id = randomBytes(8).toString('hex').toUpperCase();
    const count = node('count', { value: this.preKeys.size });
    this.deliver(node('notification', { from: serverJid, type: 'encrypt', id, t: now() }, [count]));
  }
}

/** Unix seconds, as stanzas carry them. */
export function now(): number {
  return Math.floor(Date.now() / 1000);
}
