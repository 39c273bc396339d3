import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Libsignal } from '../src/repair-libsignal.ts';

interface KeyPair {
  pubKey: Buffer;
  privKey: Buffer;
}
type Cipher = {
  encrypt(text: Buffer): Promise<{ type: number; body: Buffer }>;
  decryptWhisperMessage(body: Buffer): Promise<Buffer>;
  decryptPreKeyWhisperMessage(body: Buffer): Promise<Buffer>;
};
interface Record {
  serialize(): unknown;
}

/** What the tests use of libsignal besides what is repaired. */
export interface TestLibsignal extends Libsignal {
  ProtocolAddress: new (name: string, device: number) => { toString(): string };
  SessionCipher: Libsignal['SessionCipher'] & (new (storage: object, address: object) => Cipher);
  SessionBuilder: Libsignal['SessionBuilder'] &
    (new (
      storage: object,
      address: object,
    ) => { initOutgoing(bundle: object): Promise<void> });
  SessionRecord: Libsignal['SessionRecord'] & { deserialize(data: unknown): Record };
  keyhelper: {
    generateIdentityKeyPair(): KeyPair;
    generateRegistrationId(): number;
    generatePreKey(id: number): { keyId: number; keyPair: KeyPair };
    generateSignedPreKey(identity: KeyPair, id: number): { keyId: number; keyPair: KeyPair; signature: Buffer };
  };
}

/** A libsignal of its own, as it is installed: neither repaired nor shared with anybody. */
export function freshLibsignal(): TestLibsignal {
  const requireAsBaileys = createRequire(fileURLToPath(import.meta.resolve('@whiskeysockets/baileys')));
  const parts = Object.keys(requireAsBaileys.cache).filter((path) => path.includes('/node_modules/libsignal/'));
  const loaded = new Map(parts.map((path) => [path, requireAsBaileys.cache[path]]));
  for (const path of parts) delete requireAsBaileys.cache[path];
  try {
    return requireAsBaileys('libsignal') as TestLibsignal;
  } finally {
    for (const path of Object.keys(requireAsBaileys.cache)) {
      if (path.includes('/node_modules/libsignal/')) delete requireAsBaileys.cache[path];
    }
    for (const [path, module] of loaded) requireAsBaileys.cache[path] = module;
  }
}

/** One side of a conversation, with its sessions in memory. */
export function createParty(libsignal: TestLibsignal, name: string) {
  const { keyhelper, SessionRecord, SessionCipher, SessionBuilder, ProtocolAddress } = libsignal;
  const identity = keyhelper.generateIdentityKeyPair();
  const registrationId = keyhelper.generateRegistrationId();
  const signedPreKey = keyhelper.generateSignedPreKey(identity, 1);
  const preKeys = new Map<string, KeyPair>();
  const sessions = new Map<string, unknown>();
  let lastPreKey = 0;

  const storage = {
    async loadSession(id: string) {
      const session = sessions.get(id);
      return session ? SessionRecord.deserialize(session) : undefined;
    },
    async storeSession(id: string, record: Record) {
      sessions.set(id, record.serialize());
    },
    isTrustedIdentity: () => true,
    loadPreKey: async (id: number) => preKeys.get(String(id)),
    removePreKey: async (id: number) => preKeys.delete(String(id)),
    loadSignedPreKey: async () => signedPreKey.keyPair,
    getOurRegistrationId: () => registrationId,
    getOurIdentity: () => identity,
  };
  const address = new ProtocolAddress(name, 0);
  const cipherFor = (peer: { address: object }) => new SessionCipher(storage, peer.address);

  return {
    address,
    storage,
    sessions,
    /** What the server hands out to those who want to write to this party. */
    bundle() {
      lastPreKey += 1;
      const preKey = keyhelper.generatePreKey(lastPreKey);
      preKeys.set(String(preKey.keyId), preKey.keyPair);
      return {
        registrationId,
        identityKey: identity.pubKey,
        signedPreKey: { keyId: 1, publicKey: signedPreKey.keyPair.pubKey, signature: signedPreKey.signature },
        preKey: { keyId: preKey.keyId, publicKey: preKey.keyPair.pubKey },
      };
    },
    async openSession(peer: { address: object; bundle(): object }) {
      await new SessionBuilder(storage, peer.address).initOutgoing(peer.bundle());
    },
    async encrypt(peer: { address: object }, text: string) {
      return await cipherFor(peer).encrypt(Buffer.from(text));
    },
    async decrypt(peer: { address: object }, { type, body }: { type: number; body: Buffer }) {
      const cipher = cipherFor(peer);
      const plaintext = type === 3 ? cipher.decryptPreKeyWhisperMessage(body) : cipher.decryptWhisperMessage(body);
      return String(await plaintext);
    },
  };
}
