import { EventEmitter } from 'node:events';
import {
  addTransactionCapability,
  type BinaryNode,
  DEFAULT_CONNECTION_CONFIG,
  encodeWAMessage,
  generateSignalPubKey,
  initAuthCreds,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
  type WASocket,
} from '@whiskeysockets/baileys';
import { transactionOpts } from '../src/auth-state.ts';
import { makeSignalRepository } from '../src/signal-repository.ts';
import { watchStanzas } from '../src/stanzas.ts';
import { silentLogger } from './silent-logger.ts';

type Creds = ReturnType<typeof initAuthCreds>;
export type MakeRepository = typeof makeSignalRepository;

/** The Signal part of one Baileys socket: keys with transactions, a repository, and stanzas that come in. */
export function createAccount(
  jid: string,
  auth: { creds: Creds; keys: SignalKeyStore },
  make: MakeRepository = makeSignalRepository,
) {
  const { creds } = auth;
  creds.me = { id: jid };
  const keys = addTransactionCapability(auth.keys, silentLogger, transactionOpts);
  const repository = make({ creds, keys }, silentLogger, async () => undefined);
  const ws = new EventEmitter();
  watchStanzas({ ws } as unknown as Pick<WASocket, 'ws'>);
  let lastPreKey = 0;

  return {
    jid,
    creds,
    keys,
    repository,
    /** Puts a new pre-key into the store, and gives what a server would hand out. */
    async bundle() {
      lastPreKey += 1;
      const { private: privateKey, public: publicKey } = initAuthCreds().noiseKey;
      await keys.set({ 'pre-key': { [lastPreKey]: { private: privateKey, public: publicKey } } });
      return {
        registrationId: creds.registrationId,
        identityKey: generateSignalPubKey(creds.signedIdentityKey.public),
        signedPreKey: {
          keyId: creds.signedPreKey.keyId,
          publicKey: generateSignalPubKey(creds.signedPreKey.keyPair.public),
          signature: creds.signedPreKey.signature,
        },
        preKey: { keyId: lastPreKey, publicKey: generateSignalPubKey(publicKey) },
      };
    },
    /** Makes the ciphertexts arrive as a stanza of the server. */
    receive(stanza: BinaryNode) {
      ws.emit('CB:message', stanza);
    },
  };
}

export type Account = ReturnType<typeof createAccount>;

/** An account like any Baileys user's: everything in memory, Baileys' own repository. */
export function createContact(jid: string): Account {
  return createAccount(
    jid,
    { creds: initAuthCreds(), keys: memoryKeys() },
    DEFAULT_CONNECTION_CONFIG.makeSignalRepository,
  );
}

function memoryKeys(): SignalKeyStore {
  const values = new Map<string, unknown>();
  return {
    get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
      const found = ids.filter((id) => values.has(`${type}:${id}`)).map((id) => [id, values.get(`${type}:${id}`)]);
      return Object.fromEntries(found) as { [id: string]: SignalDataTypeMap[T] };
    },
    set(data: SignalDataSet) {
      for (const [type, entries] of Object.entries(data)) {
        for (const [id, value] of Object.entries(entries)) {
          if (value === null) values.delete(`${type}:${id}`);
          else values.set(`${type}:${id}`, value);
        }
      }
    },
  };
}

let stanzas = 0;

/** A stanza with one `<enc>` for each ciphertext. */
export function messageStanza(
  from: string,
  ciphertexts: { type: string; ciphertext: Uint8Array }[],
  attrs: Record<string, string> = {},
): BinaryNode {
  stanzas += 1;
  return {
    tag: 'message',
    attrs: { id: `STANZA${stanzas}`, from, t: '1', type: 'text', ...attrs },
    content: ciphertexts.map(({ type, ciphertext }) => ({ tag: 'enc', attrs: { v: '2', type }, content: ciphertext })),
  };
}

export const padded = (message: proto.IMessage) => Buffer.from(encodeWAMessage(message));
export const textMessage = (text: string) => padded({ conversation: text });
export const textOf = (plaintext: Uint8Array) => proto.Message.decode(plaintext).conversation;
