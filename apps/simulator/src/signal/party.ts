import { randomBytes, randomInt } from 'node:crypto';
import { ProtocolAddress, SessionBuilder, SessionRecord, type SignalStorage } from 'libsignal';
import { TrialCipher } from './trial-cipher.ts';
import { createKeyPair, type KeyPair } from './x25519.ts';
import { createSigningKey, type SigningKey, xeddsaSign } from './xeddsa.ts';

const keyType = Buffer.from([5]);
/** One-time pre-keys that were handed out and never used are forgotten, oldest first, above this many. */
const maxPreKeys = 2_000;

/** What somebody needs to open a session with a device: raw 32-byte keys. */
export interface Bundle {
  registrationId: number;
  identity: Buffer;
  signedPreKey: { id: number; publicKey: Buffer; signature: Buffer };
  preKey?: { id: number; publicKey: Buffer };
  /** Encoded `ADVSignedDeviceIdentity` of a companion. */
  deviceIdentity?: Buffer;
}

/** One encrypted payload of a stanza. */
export interface Ciphertext {
  type: 'pkmsg' | 'msg';
  content: Buffer;
}

/** One device of the other side, keyed by LID so that PN and LID addressing meet in one session. */
export interface Peer {
  lid: string;
  device: number;
}

/** The Signal state of a simulated phone: its keys and its session with each device it talks to. */
export class SignalParty {
  readonly identity: SigningKey = createSigningKey();
  readonly registrationId = randomInt(1, 16_380);
  readonly #name: string;
  readonly #signedPreKey = createKeyPair();
  readonly #preKeys = new Map<number, KeyPair>();
  readonly #sessions = new Map<string, SessionRecord>();
  #nextPreKeyId = 1;

  /** `name` tells parties of this process apart: libsignal queues its work by address for the whole process. */
  constructor(name: string) {
    this.#name = name;
  }

  /** A bundle with a one-time key of its own. */
  bundle(): Bundle {
    const preKey = createKeyPair();
    const id = this.#nextPreKeyId++;
    this.#preKeys.set(id, preKey);
    for (const oldest of this.#preKeys.keys()) {
      if (this.#preKeys.size <= maxPreKeys) break;
      this.#preKeys.delete(oldest);
    }
    const publicKey = this.#signedPreKey.publicKey;
    return {
      registrationId: this.registrationId,
      identity: this.identity.publicKey,
      signedPreKey: { id: 1, publicKey, signature: xeddsaSign(this.identity, Buffer.concat([keyType, publicKey])) },
      preKey: { id, publicKey: preKey.publicKey },
    };
  }

  /** Whether something can be encrypted for this device without a new bundle. */
  hasSession(peer: Peer): boolean {
    return this.#sessions.get(this.#address(peer).toString())?.haveOpenSession() ?? false;
  }

  /** Opens a session from a bundle; a session that was open is kept for what is still under way. */
  async openSession(peer: Peer, bundle: Bundle): Promise<void> {
    await new SessionBuilder(this.#storage(false), this.#address(peer)).initOutgoing({
      registrationId: bundle.registrationId,
      identityKey: prefixed(bundle.identity),
      signedPreKey: {
        keyId: bundle.signedPreKey.id,
        publicKey: prefixed(bundle.signedPreKey.publicKey),
        signature: bundle.signedPreKey.signature,
      },
      ...(bundle.preKey && { preKey: { keyId: bundle.preKey.id, publicKey: prefixed(bundle.preKey.publicKey) } }),
    } as Parameters<SessionBuilder['initOutgoing']>[0]);
  }

  /** Pads and encrypts. Needs a session. */
  async encrypt(peer: Peer, plaintext: Uint8Array): Promise<Ciphertext> {
    const cipher = new TrialCipher(this.#storage(false), this.#address(peer));
    const { type, body } = await cipher.encrypt(pad(plaintext));
    // libsignal's types call it text; it is bytes.
    return { type: type === 3 ? 'pkmsg' : 'msg', content: Buffer.from(body as unknown as Uint8Array) };
  }

  /** Decrypts and removes the padding. Throws if no session fits; then nothing has changed. */
  async decrypt(peer: Peer, { type, content }: Ciphertext): Promise<Buffer> {
    // A pre-key message adds its session to the record before it is known to be genuine: work on a copy.
    const cipher = new TrialCipher(this.#storage(type === 'pkmsg'), this.#address(peer));
    const padded = await (type === 'pkmsg'
      ? cipher.decryptPreKeyWhisperMessage(content)
      : cipher.decryptWhisperMessage(content));
    return unpad(padded);
  }

  /** Ratchet chains kept for a device, of all its sessions: what a long conversation costs. */
  chains(peer: Peer): number {
    const record = this.#sessions.get(this.#address(peer).toString());
    // libsignal's types do not say what a record is made of.
    const { _sessions: sessions } = (record?.serialize() ?? { _sessions: {} }) as unknown as {
      _sessions: Record<string, { _chains: object }>;
    };
    return Object.values(sessions).reduce((total, { _chains: chains }) => total + Object.keys(chains).length, 0);
  }

  /** Loses all sessions, as a phone that was set up again from an old backup. The keys stay. */
  forgetSessions(): void {
    this.#sessions.clear();
  }

  #address(peer: Peer): ProtocolAddress {
    return new ProtocolAddress(`${this.#name}>${peer.lid}`, peer.device);
  }

  #storage(copies: boolean): SignalStorage {
    return {
      loadSession: async (address) => {
        const record = this.#sessions.get(address);
        return record && copies ? SessionRecord.deserialize(record.serialize()) : record;
      },
      storeSession: async (address, record) => {
        this.#sessions.set(address, record);
      },
      isTrustedIdentity: () => true,
      loadPreKey: async (id) => {
        const pair = this.#preKeys.get(Number(id));
        return pair && { pubKey: prefixed(pair.publicKey), privKey: pair.privateKey };
      },
      removePreKey: (id) => {
        this.#preKeys.delete(id);
      },
      loadSignedPreKey: () => ({
        pubKey: prefixed(this.#signedPreKey.publicKey),
        privKey: this.#signedPreKey.privateKey,
      }),
      getOurRegistrationId: () => this.registrationId,
      getOurIdentity: () => ({ pubKey: prefixed(this.identity.publicKey), privKey: this.identity.privateKey }),
    };
  }
}

function prefixed(publicKey: Uint8Array): Buffer {
  return Buffer.concat([keyType, publicKey]);
}

/** Every payload ends with p bytes of the value p, 1..16. */
export function pad(plaintext: Uint8Array): Buffer {
  const length = ((randomBytes(1)[0] ?? 0) & 15) + 1;
  return Buffer.concat([plaintext, Buffer.alloc(length, length)]);
}

/** The payload without its padding. Throws if that is none. */
export function unpad(padded: Buffer): Buffer {
  const length = padded.at(-1) ?? 0;
  if (length < 1 || length > 16 || length > padded.length) throw new Error('invalid padding');
  return padded.subarray(0, padded.length - length);
}
