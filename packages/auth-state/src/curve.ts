import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { calculateSignature, verifySignature } from 'whatsapp-rust-bridge';

const okp = { kty: 'OKP', crv: 'X25519' } as const;
/** What Signal puts before the 32 bytes of a public key. */
const keyType = Buffer.of(5);
const keyBytes = 32;
const signatureBytes = 64;

/** A new key pair, 32 bytes each, the private one clamped. */
export function generateKeyPair() {
  // Of all formats that Node gives, this one costs least: the usual one (DER) takes longer than the generation.
  const { privateKey } = generateKeyPairSync('x25519', {
    publicKeyEncoding: { format: 'jwk' },
    privateKeyEncoding: { format: 'jwk' },
    // Node's types know nothing of this format here.
  }) as unknown as { privateKey: JsonWebKey };
  return { private: fromText(privateKey.d), public: fromText(privateKey.x) };
}

/**
 * What two parties have in common (X25519), 32 bytes.
 * @param publicKey 32 bytes
 * @param privateKey 32 bytes
 * @throws if the keys are malformed, or of the few for which the result would be the same with everybody
 */
export function agree(publicKey: Uint8Array, privateKey: Uint8Array) {
  return diffieHellman({
    // Node reads the public half of a private key only to see that there is one.
    privateKey: createPrivateKey({ format: 'jwk', key: { ...okp, d: toText(privateKey), x: '' } }),
    publicKey: createPublicKey({ format: 'jwk', key: { ...okp, x: toText(publicKey) } }),
  });
}

/**
 * An XEdDSA signature, 64 bytes; each call gives another one.
 * @param privateKey 32 bytes; throws if there are more or fewer
 */
export function sign(privateKey: Uint8Array, message: Uint8Array): Uint8Array {
  if (privateKey.length !== keyBytes) throw new TypeError('A private key has 32 bytes');
  return calculateSignature(privateKey, message);
}

/**
 * Whether it is the XEdDSA signature of this message by the owner of this key.
 * @param publicKey 32 bytes
 */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== keyBytes || signature.length !== signatureBytes) return false;
  return verifySignature(Buffer.concat([keyType, publicKey]), message, signature);
}

const fromText = (text = '') => Buffer.from(text, 'base64url');
const toText = (key: Uint8Array) => Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('base64url');
