import { createCipheriv, createDecipheriv, hkdfSync, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Account } from '../account.ts';
import type { Device } from '../device.ts';
import { now } from '../device.ts';
import { parseJid } from '../jid.ts';
import type { Network } from '../network.ts';
import { agree, createKeyPair, type KeyPair } from '../signal/x25519.ts';
import { type BinaryNode, bytes, child, node, serverJid } from '../wire/node.ts';
import type { ClientStream } from '../wire/stream.ts';
import { type Candidate, LinkingError } from './linking.ts';

const derive = promisify(pbkdf2);
/** Longest time a client may take to answer the phone, in milliseconds. */
const finishTimeoutMs = 15_000;
const noBytes = Buffer.alloc(0);

/** A client that asked to be linked by code and waits for the phone. */
interface Request {
  candidate: Candidate;
  phone: string;
  ref: Buffer;
  /** The client's ephemeral key, encrypted with the code. */
  wrappedEphemeral: Buffer;
  /** What the phone does with the client's last message, once it has entered a code. */
  onFinish?: (bundle: Buffer) => void;
  finished?: PromiseWithResolvers<void>;
}

/** Linking by pairing code: neither side tells the server the code. */
export class PairingCodes {
  readonly #network: Network;
  readonly #requests = new Map<ClientStream, Request>();

  constructor(network: Network) {
    this.#network = network;
  }

  /** A client's first message: it waits for its code to be entered on the phone it names. Returns the reply. */
  hello(candidate: Candidate, stanza: BinaryNode): BinaryNode {
    const phone = parseJid(stanza.attrs.jid)?.user;
    const wrappedEphemeral = bytes(child(stanza, 'link_code_pairing_wrapped_companion_ephemeral_pub'));
    if (!phone || wrappedEphemeral.length !== 80) throw new LinkingError('MALFORMED', 'Malformed companion hello');
    const ref = Buffer.from(`3@${randomBytes(12).toString('base64')}`);
    this.#requests.set(candidate.stream, { candidate, phone, ref, wrappedEphemeral });
    return node('link_code_companion_reg', { stage: 'companion_hello' }, [node('link_code_pairing_ref', {}, ref)]);
  }

  /** A client's last message. Rejects if the code that was entered is not the client's. */
  async finish(stream: ClientStream, stanza: BinaryNode): Promise<void> {
    const request = this.#requests.get(stream);
    if (!request?.onFinish) throw new LinkingError('UNEXPECTED', 'Nobody has entered a code');
    request.onFinish(bytes(child(stanza, 'link_code_pairing_wrapped_key_bundle')));
    await request.finished?.promise;
  }

  /** Somebody enters a code (with dashes or without) on a phone. Throws {@link LinkingError}. */
  async enter(phone: string, code: string, account: () => Account): Promise<Device> {
    const request = [...this.#requests.values()].filter((each) => each.phone === phone).at(-1);
    if (!request) throw new LinkingError('NO_REQUEST', 'No connected client has asked this number for a code');
    if (request.onFinish) throw new LinkingError('BUSY', 'Another code is just being tried for this client');
    const phoneAccount = account();
    const ephemeral = createKeyPair();
    const normalized = code.replaceAll(/[\s-]/g, '').toUpperCase();
    const companionEphemeral = await unwrap(request.wrappedEphemeral, normalized);
    const bundle = await this.#exchange(request, await wrap(ephemeral.publicKey, normalized), phoneAccount);
    const finished = request.finished;
    try {
      const secret = openBundle(bundle, ephemeral, companionEphemeral, request.candidate, phoneAccount);
      finished?.resolve();
      // Behind the reply to the client's last message, which it waits for.
      await new Promise((resolve) => setImmediate(resolve));
      return await this.#network.linking.link(request.candidate, phoneAccount, secret);
    } catch (error) {
      finished?.reject(error);
      throw error;
    } finally {
      delete request.onFinish;
      delete request.finished;
    }
  }

  forget(stream: ClientStream): void {
    this.#requests.delete(stream);
  }

  /** Shows the client the phone's keys and waits for its key bundle. */
  async #exchange(request: Request, wrappedEphemeral: Buffer, account: Account): Promise<Buffer> {
    const { stream } = request.candidate;
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    request.onFinish = resolve;
    request.finished = Promise.withResolvers();
    // The client may be gone before anybody looks at it.
    request.finished.promise.catch(() => undefined);
    const timer = setTimeout(
      () => reject(new LinkingError('NO_ANSWER', 'The client did not answer in time')),
      finishTimeoutMs,
    );
    stream.send(
      node('notification', { from: serverJid, type: 'link_code_companion_reg', id: stream.nextId(), t: now() }, [
        node('link_code_companion_reg', { stage: 'primary_hello' }, [
          node('link_code_pairing_ref', {}, request.ref),
          node('link_code_pairing_wrapped_primary_ephemeral_pub', {}, wrappedEphemeral),
          node('primary_identity_pub', {}, account.party.identity.publicKey),
        ]),
      ]),
    );
    try {
      return await promise;
    } catch (error) {
      delete request.onFinish;
      delete request.finished;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** salt (32) | iv (16) | AES-256-CTR(key), the key derived from the code. Slow on purpose: ~30 ms. */
async function wrap(publicKey: Buffer, code: string): Promise<Buffer> {
  const salt = randomBytes(32);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-ctr', await derive(code, salt, 131_072, 32, 'sha256'), iv);
  return Buffer.concat([salt, iv, cipher.update(publicKey), cipher.final()]);
}

async function unwrap(wrapped: Buffer, code: string): Promise<Buffer> {
  const key = await derive(code, wrapped.subarray(0, 32), 131_072, 32, 'sha256');
  const decipher = createDecipheriv('aes-256-ctr', key, wrapped.subarray(32, 48));
  return Buffer.concat([decipher.update(wrapped.subarray(48)), decipher.final()]);
}

/** Decrypts the client's bundle and derives the secret that signs the link. Throws if the code was another one. */
function openBundle(
  bundle: Buffer,
  ephemeral: KeyPair,
  companionEphemeral: Buffer,
  candidate: Candidate,
  account: Account,
): Buffer {
  try {
    const shared = agree(ephemeral.privateKey, companionEphemeral);
    const key = hkdfSync('sha256', shared, bundle.subarray(0, 32), 'link_code_pairing_key_bundle_encryption_key', 32);
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key), bundle.subarray(32, 44));
    decipher.setAuthTag(bundle.subarray(-16));
    const plain = Buffer.concat([decipher.update(bundle.subarray(44, -16)), decipher.final()]);
    const companionIdentity = plain.subarray(0, 32);
    if (!companionIdentity.equals(candidate.registration.identity)) throw new Error('another identity');
    const identities = agree(account.party.identity.privateKey, companionIdentity);
    const secret = Buffer.concat([shared, identities, plain.subarray(64, 96)]);
    return Buffer.from(hkdfSync('sha256', secret, noBytes, 'adv_secret', 32));
  } catch (error) {
    throw new LinkingError('WRONG_CODE', 'The code is not the one the client shows', { cause: error });
  }
}
