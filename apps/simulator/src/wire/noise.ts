import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { agree, createKeyPair } from '../signal/x25519.ts';
import type { NoiseIdentity } from './certificates.ts';

const pattern = Buffer.from('Noise_XX_25519_AESGCM_SHA256\0\0\0\0');
/** "WA", protocol 6, token dictionary 3: what every client sends first, and part of the handshake hash. */
export const clientHeader = Buffer.from([0x57, 0x41, 6, 3]);
const tagLength = 16;
const noBytes = Buffer.alloc(0);

/** What the client proved and said in the handshake. */
export interface Handshake {
  /** The client's Noise static key (32 bytes): the identity of the device. */
  clientKey: Buffer;
  payload: proto.ClientPayload;
  transport: Transport;
}

/** Server side of Noise_XX_25519_AESGCM_SHA256 as WhatsApp uses it: feed it the client's two messages in order. */
export class NoiseHandshake {
  readonly #identity: NoiseIdentity;
  readonly #ephemeral = createKeyPair();
  #hash: Buffer = pattern;
  #salt: Buffer = pattern;
  #key: Buffer = pattern;
  #counter = 0;

  constructor(identity: NoiseIdentity) {
    this.#identity = identity;
    this.#mixHash(clientHeader);
  }

  /** Answers the client hello (an encoded `HandshakeMessage`) with the encoded server hello. Throws if malformed. */
  hello(message: Uint8Array): Uint8Array {
    const clientEphemeral = proto.HandshakeMessage.decode(message).clientHello?.ephemeral;
    if (clientEphemeral?.length !== 32) throw new Error('client hello without ephemeral key');
    this.#mixHash(clientEphemeral);
    this.#mixHash(this.#ephemeral.publicKey);
    this.#mixKey(agree(this.#ephemeral.privateKey, clientEphemeral));
    const staticKey = this.#encrypt(this.#identity.staticKey.publicKey);
    this.#mixKey(agree(this.#identity.staticKey.privateKey, clientEphemeral));
    const payload = this.#encrypt(this.#identity.chain);
    return proto.HandshakeMessage.encode({
      serverHello: { ephemeral: this.#ephemeral.publicKey, static: staticKey, payload },
    }).finish();
  }

  /** Takes the client finish and ends the handshake. Throws if anything in it does not decrypt. */
  finish(message: Uint8Array): Handshake {
    const finish = proto.HandshakeMessage.decode(message).clientFinish;
    if (!finish?.static || !finish.payload) throw new Error('incomplete client finish');
    const clientKey = this.#decrypt(finish.static);
    this.#mixKey(agree(this.#ephemeral.privateKey, clientKey));
    const payload = proto.ClientPayload.decode(this.#decrypt(finish.payload));
    const keys = Buffer.from(hkdfSync('sha256', noBytes, this.#salt, noBytes, 64));
    return { clientKey, payload, transport: new Transport(keys.subarray(0, 32), keys.subarray(32)) };
  }

  #mixHash(data: Uint8Array): void {
    this.#hash = createHash('sha256').update(this.#hash).update(data).digest();
  }

  #mixKey(secret: Uint8Array): void {
    const keys = Buffer.from(hkdfSync('sha256', secret, this.#salt, noBytes, 64));
    this.#salt = keys.subarray(0, 32);
    this.#key = keys.subarray(32);
    this.#counter = 0;
  }

  #encrypt(plaintext: Uint8Array): Buffer {
    const ciphertext = seal(this.#key, this.#counter++, plaintext, this.#hash);
    this.#mixHash(ciphertext);
    return ciphertext;
  }

  #decrypt(ciphertext: Uint8Array): Buffer {
    const plaintext = open(this.#key, this.#counter++, ciphertext, this.#hash);
    this.#mixHash(ciphertext);
    return plaintext;
  }
}

/** The cipher of an established connection: one counter for each direction. */
export class Transport {
  readonly #readKey: Buffer;
  readonly #writeKey: Buffer;
  #read = 0;
  #written = 0;

  constructor(readKey: Buffer, writeKey: Buffer) {
    this.#readKey = readKey;
    this.#writeKey = writeKey;
  }

  encrypt(plaintext: Uint8Array): Buffer {
    return seal(this.#writeKey, this.#written++, plaintext, noBytes);
  }

  /** Throws if the frame was altered, or frames were lost or reordered. */
  decrypt(ciphertext: Uint8Array): Buffer {
    return open(this.#readKey, this.#read++, ciphertext, noBytes);
  }
}

function seal(key: Buffer, counter: number, plaintext: Uint8Array, additional: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce(counter)).setAAD(additional);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Buffer, counter: number, ciphertext: Uint8Array, additional: Buffer): Buffer {
  if (ciphertext.length < tagLength) throw new Error('ciphertext too short');
  const end = ciphertext.length - tagLength;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(counter), { authTagLength: tagLength });
  decipher.setAAD(additional).setAuthTag(ciphertext.subarray(end));
  return Buffer.concat([decipher.update(ciphertext.subarray(0, end)), decipher.final()]);
}

function nonce(counter: number): Buffer {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(counter, 8);
  return iv;
}
