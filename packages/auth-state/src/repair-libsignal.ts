import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

/** What the repair touches of libsignal 6.0.0. Nothing of it is a public option, so libsignal is pinned. */
export interface Libsignal {
  SessionCipher: { prototype: SessionCipher };
  SessionBuilder: { prototype: SessionBuilder };
  SessionRecord: { createEntry(): SessionEntry };
}
interface SessionCipher {
  addr: { toString(): string };
  storage: object;
  doDecryptWhisperMessage(message: Uint8Array, session: SessionEntry | undefined): Promise<Buffer>;
  queueJob<T>(job: () => Promise<T>): Promise<T>;
}
interface SessionBuilder {
  addr: { toString(): string };
  storage: object;
  initOutgoing(device: unknown): Promise<void>;
}
interface SessionEntry {
  serialize(): unknown;
  constructor: unknown;
}

const repaired = new WeakSet<object>();

/** The libsignal that Baileys itself loads, should there ever be two. */
export function libsignalOfBaileys(): Libsignal {
  const baileys = fileURLToPath(import.meta.resolve('@whiskeysockets/baileys'));
  return createRequire(baileys)('libsignal') as Libsignal;
}

/**
 * Mends libsignal while it is loaded. Call it before the first socket is made; calling it again does nothing.
 *
 * 1. `doDecryptWhisperMessage` steps the ratchet before it checks the MAC, so merely trying a session on a message of
 *    another one destroys it, and the next message to that contact cannot be read. Here each try works on a copy, which
 *    replaces the session when the message was authentic.
 * 2. Jobs wait in one queue per contact address for the whole process, and run in the async context of whoever came
 *    first: with two accounts that know the same contact, one account's job would run in the other's transaction. Here
 *    each account has its own queue, and each job its caller's context.
 * 3. Whole sessions, private keys included, are printed to the console when they are closed. Here they print as a name.
 *
 * Throws when libsignal is not what it was written for.
 */
export function repairLibsignal(libsignal: Libsignal = libsignalOfBaileys()): void {
  if (repaired.has(libsignal)) return;
  const cipher = libsignal.SessionCipher.prototype;
  const builder = libsignal.SessionBuilder.prototype;
  for (const method of [cipher.doDecryptWhisperMessage, cipher.queueJob, builder.initOutgoing]) {
    if (typeof method !== 'function') throw new Error('This libsignal is not the one that repair-libsignal.ts mends');
  }
  repaired.add(libsignal);
  tryOnCopies(cipher);
  separateAccounts(cipher, builder);
  hideKeys(libsignal);
}

function tryOnCopies(cipher: SessionCipher): void {
  const decrypt = cipher.doDecryptWhisperMessage;
  cipher.doDecryptWhisperMessage = async function (this: SessionCipher, message, session) {
    if (!session) return await decrypt.call(this, message, session);
    const copy = copyOf(session);
    const plaintext = await decrypt.call(this, message, copy);
    // The record refers to this very object, so its content is replaced, not the object.
    for (const property of Object.keys(session)) Reflect.deleteProperty(session, property);
    Object.assign(session, copy);
    return plaintext;
  };
}

function copyOf(session: SessionEntry): SessionEntry {
  const { deserialize } = session.constructor as { deserialize(data: unknown): SessionEntry };
  return deserialize.call(session.constructor, session.serialize());
}

function separateAccounts(cipher: SessionCipher, builder: SessionBuilder): void {
  const accounts = new WeakMap<object, number>();
  let lastAccount = 0;
  const accountOf = (storage: object): number => {
    let account = accounts.get(storage);
    if (account === undefined) {
      lastAccount += 1;
      account = lastAccount;
      accounts.set(storage, account);
    }
    return account;
  };

  const queueJob = cipher.queueJob;
  const enqueue = <T>(owner: SessionCipher | SessionBuilder, job: () => Promise<T>): Promise<T> => {
    const queue = `${accountOf(owner.storage)} ${owner.addr}`;
    // All that the original reads of `this` is the name of the queue.
    const named = Object.create(cipher, { addr: { value: { toString: () => queue } } }) as SessionCipher;
    return queueJob.call(named, AsyncLocalStorage.bind(job)) as Promise<T>;
  };

  cipher.queueJob = function (this: SessionCipher, job) {
    return enqueue(this, job);
  };
  const initOutgoing = builder.initOutgoing;
  builder.initOutgoing = function (this: SessionBuilder, device) {
    // It has a queue of its own inside, again one per address. The storage finds its way back to the caller's context.
    const bound = Object.create(this, { storage: { value: boundStorage(this.storage) } }) as SessionBuilder;
    return enqueue(this, () => initOutgoing.call(bound, device));
  };
}

function boundStorage(storage: object): object {
  const inContext = AsyncLocalStorage.snapshot();
  return new Proxy(storage, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => inContext(() => Reflect.apply(value, target, args));
    },
  });
}

function hideKeys({ SessionRecord }: Libsignal): void {
  const session: object = Object.getPrototypeOf(SessionRecord.createEntry());
  Object.defineProperty(session, inspect.custom, { value: () => '<Signal session>' });
}
