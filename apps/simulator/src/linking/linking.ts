import { createHmac, randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../account.ts';
import { type Device, now, type Registration } from '../device.ts';
import { announceDevice } from '../device-list.ts';
import { lidJid, pnJid } from '../jid.ts';
import type { Network } from '../network.ts';
import { xeddsaVerify } from '../signal/xeddsa.ts';
import { type BinaryNode, bytes, child, node, serverJid } from '../wire/node.ts';
import type { ClientStream } from '../wire/stream.ts';
import { encodedIdentity, messageOfDevice, vouchFor } from './device-identity.ts';
import { PairingCodes } from './pairing-code.ts';
import { parseQr } from './qr.ts';

/** QR codes that a client gets to show, one after the other. */
const refs = 6;
/** Longest time a client may take to sign the account's signature, in milliseconds. */
const signTimeoutMs = 10_000;

/** The phone could not link the device; `code` is for programs. */
export class LinkingError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A client that waits to be linked. */
export interface Candidate {
  stream: ClientStream;
  registration: Registration;
}

/** Links devices: the server's and the phone's part, by QR and by pairing code. */
export class Linking {
  readonly codes: PairingCodes;
  readonly #network: Network;
  readonly #byRef = new Map<string, Candidate>();
  readonly #candidates = new Map<ClientStream, { candidate: Candidate; refs: string[] }>();
  readonly #signing = new Map<
    ClientStream,
    { id: string; signed: (stanza: BinaryNode) => void; failed: (error: Error) => void }
  >();

  constructor(network: Network) {
    this.#network = network;
    this.codes = new PairingCodes(network);
  }

  /** A client that is not linked has connected: gives it what it makes QR codes of. */
  offer(stream: ClientStream, registration: Registration): void {
    const candidate = { stream, registration };
    const own = Array.from({ length: refs }, () => `2@${randomBytes(48).toString('base64')}`);
    for (const ref of own) this.#byRef.set(ref, candidate);
    this.#candidates.set(stream, { candidate, refs: own });
    stream.send(
      node('iq', { from: serverJid, type: 'set', xmlns: 'md', id: stream.nextId() }, [
        node(
          'pair-device',
          {},
          own.map((ref) => node('ref', {}, ref)),
        ),
      ]),
    );
  }

  /** The client that waits on this connection. */
  candidate(stream: ClientStream): Candidate | undefined {
    return this.#candidates.get(stream)?.candidate;
  }

  /** The phone of `account` scans the text of a QR code. Throws {@link LinkingError}. */
  async scan(text: string, account: () => Account): Promise<Device> {
    const qr = parseQr(text);
    if (!qr) throw new LinkingError('INVALID_QR', 'That is not the text of a WhatsApp QR code');
    const candidate = this.#byRef.get(qr.ref);
    if (!candidate)
      throw new LinkingError('UNKNOWN_QR', 'No connected client shows this QR code: it is used, or expired');
    const { noiseKey, identity } = candidate.registration;
    if (!noiseKey.equals(qr.noiseKey) || !identity.equals(qr.identity)) {
      throw new LinkingError('FORGED_QR', 'The keys in the QR code are not those of the client that shows it');
    }
    return this.link(candidate, account(), qr.advSecret);
  }

  /**
   * Makes the candidate a device of the account: account signature, the client's own signature, then the restart that
   * turns the registration into a login. Throws {@link LinkingError}.
   */
  async link(candidate: Candidate, account: Account, advSecret: Buffer): Promise<Device> {
    const { stream, registration } = candidate;
    const id = account.nextDevice();
    const voucher = vouchFor(account, id, registration.identity);
    const signed = encodedIdentity(voucher);
    const hmac = createHmac('sha256', advSecret).update(signed).digest();
    const reply = await this.#askToSign(
      stream,
      node('pair-success', {}, [
        node('device-identity', {}, proto.ADVSignedDeviceIdentityHMAC.encode({ details: signed, hmac }).finish()),
        node('device', { jid: pnJid(account.phone, id), lid: lidJid(account.lid, id) }),
        node('platform', { name: 'android' }),
      ]),
    );
    const own = proto.ADVSignedDeviceIdentity.decode(bytes(child(child(reply, 'pair-device-sign'), 'device-identity')));
    const message = messageOfDevice(voucher, registration.identity);
    if (!own.deviceSignature || !xeddsaVerify(registration.identity, message, own.deviceSignature)) {
      stream.cut();
      throw new LinkingError('INVALID_SIGNATURE', 'The client did not sign its identity with its key');
    }
    // Before the restart: the login can arrive at once.
    const device = account.addDevice(id, registration, encodedIdentity(voucher, own.deviceSignature));
    this.#network.counters.add('links');
    this.#network.log.info({ device: device.name }, 'device.linked');
    this.forget(stream);
    announceDevice(device, 'add');
    stream.endWith('515');
    return device;
  }

  /** A reply of a client that waits to be linked. */
  takeReply(stream: ClientStream, stanza: BinaryNode): void {
    const signing = this.#signing.get(stream);
    if (!signing || signing.id !== stanza.attrs.id) return;
    if (stanza.attrs.type === 'result') signing.signed(stanza);
    else signing.failed(new LinkingError('REFUSED', 'The client refused to be linked'));
  }

  /** The connection is gone, or linked: its codes are worth nothing now. */
  forget(stream: ClientStream): void {
    for (const ref of this.#candidates.get(stream)?.refs ?? []) this.#byRef.delete(ref);
    this.#candidates.delete(stream);
    this.codes.forget(stream);
    this.#signing.get(stream)?.failed(new LinkingError('GONE', 'The client closed the connection while it was linked'));
  }

  reset(): void {
    for (const stream of [...this.#candidates.keys()]) this.forget(stream);
  }

  async #askToSign(stream: ClientStream, pairSuccess: BinaryNode): Promise<BinaryNode> {
    const id = stream.nextId();
    const { promise, resolve, reject } = Promise.withResolvers<BinaryNode>();
    const timer = setTimeout(() => {
      reject(new LinkingError('NO_ANSWER', 'The client did not answer within 10 s'));
    }, signTimeoutMs);
    this.#signing.set(stream, { id, signed: resolve, failed: reject });
    stream.send(node('iq', { from: serverJid, type: 'set', xmlns: 'md', id, t: now() }, [pairSuccess]));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#signing.delete(stream);
    }
  }
}
