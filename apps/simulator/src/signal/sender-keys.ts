import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, randomInt } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Peer } from './party.ts';
import { createSigningKey, type SigningKey, xeddsaSign, xeddsaVerify } from './xeddsa.ts';

/** Version 3 in both halves of the byte: the first byte of sender key messages and of distributions. */
const version = Buffer.from([0x33]);
const keyType = Buffer.from([5]);
const signatureLength = 64;
/** Keys of messages that may still come, per sender key; the oldest are forgotten. */
const maxSkipped = 2_000;
/** Messages that may be missing in a row. */
const maxForward = 25_000;
/** Sender keys that are kept of one device: it makes a new one when somebody leaves the group. */
const maxKeys = 5;

interface OwnKey {
  id: number;
  iteration: number;
  chainKey: Buffer;
  signing: SigningKey;
}

interface ForeignKey {
  id: number;
  /** The next message's place in the chain. */
  iteration: number;
  chainKey: Buffer;
  /** Raw 32 bytes. */
  signingKey: Buffer;
  /** Seeds of messages that were overtaken. */
  skipped: Map<number, Buffer>;
}

/**
 * The sender keys of one phone: its own, one a group, and those that it was given. A sender key is a chain of message
 * keys with a signing key; who has it reads everything its owner sends to the group from then on.
 */
export class SenderKeys {
  readonly #own = new Map<string, OwnKey>();
  readonly #foreign = new Map<string, ForeignKey[]>();

  /** What somebody needs to read from now on what this phone sends to the group. Makes a key if there is none. */
  distribution(group: string): Buffer {
    const { id, iteration, chainKey, signing } = this.#ownKey(group);
    const signingKey = Buffer.concat([keyType, signing.publicKey]);
    return Buffer.concat([
      version,
      proto.SenderKeyDistributionMessage.encode({ id, iteration, chainKey, signingKey }).finish(),
    ]);
  }

  /** Encrypts with the own key of the group; the caller has padded. */
  encrypt(group: string, padded: Uint8Array): Buffer {
    const key = this.#ownKey(group);
    const { cipherKey, iv } = messageKeys(step(key.chainKey, 1));
    const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
    const ciphertext = Buffer.concat([cipher.update(padded), cipher.final()]);
    const message = proto.SenderKeyMessage.encode({ id: key.id, iteration: key.iteration, ciphertext }).finish();
    const signed = Buffer.concat([version, message]);
    key.iteration += 1;
    key.chainKey = step(key.chainKey, 2);
    return Buffer.concat([signed, xeddsaSign(key.signing, signed)]);
  }

  /** Forgets the own key of a group: the next message has a new one, which has to be distributed. */
  renew(group: string): void {
    this.#own.delete(group);
  }

  /** Takes a key that a member's device distributed. One that is known already goes on where it was. */
  accept(group: string, sender: Peer, distribution: Uint8Array): void {
    const { id, iteration, chainKey, signingKey } = proto.SenderKeyDistributionMessage.decode(distribution.subarray(1));
    if (id == null || iteration == null || !chainKey || !signingKey) throw new Error('malformed sender key');
    const keys = this.#keysOf(group, sender);
    const raw = Buffer.from(signingKey).subarray(-32);
    if (keys.some((known) => known.id === id && known.signingKey.equals(raw))) return;
    keys.push({ id, iteration, chainKey: Buffer.from(chainKey), signingKey: raw, skipped: new Map() });
    if (keys.length > maxKeys) keys.shift();
  }

  /** Decrypts what a member's device sent to the group; still padded. Throws if it cannot; then nothing has changed. */
  decrypt(group: string, sender: Peer, content: Buffer): Buffer {
    const signed = content.subarray(0, -signatureLength);
    const { id, iteration, ciphertext } = proto.SenderKeyMessage.decode(signed.subarray(1));
    if (iteration == null || !ciphertext) throw new Error('malformed group message');
    const key = this.#keysOf(group, sender).findLast((each) => each.id === id);
    if (!key) throw new Error('no sender key');
    if (!xeddsaVerify(key.signingKey, signed, content.subarray(-signatureLength))) throw new Error('invalid signature');
    if (iteration < key.iteration) {
      const seed = key.skipped.get(iteration);
      if (!seed) throw new Error('message key used already');
      const plaintext = decipher(seed, ciphertext);
      key.skipped.delete(iteration);
      return plaintext;
    }
    if (iteration - key.iteration > maxForward) throw new Error('too many messages are missing');
    const passed: [number, Buffer][] = [];
    let { chainKey } = key;
    for (let place = key.iteration; place < iteration; place += 1) {
      passed.push([place, step(chainKey, 1)]);
      chainKey = step(chainKey, 2);
    }
    const plaintext = decipher(step(chainKey, 1), ciphertext);
    key.iteration = iteration + 1;
    key.chainKey = step(chainKey, 2);
    for (const [place, seed] of passed) key.skipped.set(place, seed);
    for (const oldest of key.skipped.keys()) {
      if (key.skipped.size <= maxSkipped) break;
      key.skipped.delete(oldest);
    }
    return plaintext;
  }

  /** Loses the keys of others, of one group or of all. */
  forget(group?: string): void {
    for (const name of this.#foreign.keys()) {
      if (group === undefined || name.startsWith(`${group}|`)) this.#foreign.delete(name);
    }
  }

  #ownKey(group: string): OwnKey {
    let key = this.#own.get(group);
    if (!key) {
      key = { id: randomInt(1, 2 ** 31), iteration: 0, chainKey: randomBytes(32), signing: createSigningKey() };
      this.#own.set(group, key);
    }
    return key;
  }

  #keysOf(group: string, { lid, device }: Peer): ForeignKey[] {
    const name = `${group}|${lid}:${device}`;
    let keys = this.#foreign.get(name);
    if (!keys) {
      keys = [];
      this.#foreign.set(name, keys);
    }
    return keys;
  }
}

/** One step from a chain key: 1 gives the seed of its message, 2 the next chain key. */
function step(chainKey: Uint8Array, constant: 1 | 2): Buffer {
  return createHmac('sha256', chainKey)
    .update(Buffer.from([constant]))
    .digest();
}

function messageKeys(seed: Uint8Array): { iv: Buffer; cipherKey: Buffer } {
  const derived = Buffer.from(hkdfSync('sha256', seed, Buffer.alloc(32), 'WhisperGroup', 48));
  return { iv: derived.subarray(0, 16), cipherKey: derived.subarray(16) };
}

function decipher(seed: Uint8Array, ciphertext: Uint8Array): Buffer {
  const { iv, cipherKey } = messageKeys(seed);
  const cipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  return Buffer.concat([cipher.update(ciphertext), cipher.final()]);
}
