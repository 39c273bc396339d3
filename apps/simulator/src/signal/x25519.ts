import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';

const privatePrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b656e032100', 'hex');

/** A Curve25519 key pair as 32-byte raw keys. */
export interface KeyPair {
  publicKey: Buffer;
  privateKey: Buffer;
}

/** A fresh key pair. */
export function createKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('x25519', {
    publicKeyEncoding: { format: 'der', type: 'spki' },
    privateKeyEncoding: { format: 'der', type: 'pkcs8' },
  });
  return { publicKey: publicKey.subarray(-32), privateKey: privateKey.subarray(-32) };
}

/** The key object of a raw 32-byte private key. */
export function x25519PrivateKey(raw: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([privatePrefix, raw]), format: 'der', type: 'pkcs8' });
}

/** The raw public key that belongs to a private key. */
export function x25519PublicKeyOf(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
}

/** The shared secret of a raw private key and a raw public key (32 bytes each). Throws for an invalid point. */
export function agree(privateKey: Uint8Array | KeyObject, publicKey: Uint8Array): Buffer {
  return diffieHellman({
    privateKey: privateKey instanceof Uint8Array ? x25519PrivateKey(privateKey) : privateKey,
    publicKey: createPublicKey({ key: Buffer.concat([publicPrefix, publicKey]), format: 'der', type: 'spki' }),
  });
}
