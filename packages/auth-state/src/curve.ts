import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { calculateAgreement, calculateSignature, verifySignature } from 'whatsapp-rust-bridge';

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
 * What two parties have in common (X25519), 32 bytes; undefined for the few public keys with which everybody would have
 * the same.
 * @param publicKey 32 bytes
 * @param privateKey 32 bytes
 */
export function agree(publicKey: Uint8Array, privateKey: Uint8Array): Buffer<ArrayBuffer> | undefined {
  // A third cheaper than by Node, which has to make objects of both keys first.
  const agreed = Buffer.from(calculateAgreement(withType(publicKey), privateKey));
  return agreed.every((byte) => byte === 0) ? undefined : agreed;
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
  return verifySignature(withType(publicKey), message, signature);
}

const fromText = (text = '') => Buffer.from(text, 'base64url');
const withType = (key: Uint8Array) => Buffer.concat([keyType, key]);
