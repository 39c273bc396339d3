import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { x25519PrivateKey, x25519PublicKeyOf } from './x25519.ts';

const p = 2n ** 255n - 19n;
const ed25519PrivatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const ed25519PublicPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** A Curve25519 identity that can sign: 32-byte raw keys, and the Ed25519 key they come from. */
export interface SigningKey {
  publicKey: Buffer;
  privateKey: Buffer;
  edwards: KeyObject;
  /** Sign bit (0 or 0x80) of the Edwards public key, which XEdDSA carries in the signature's last byte. */
  signBit: number;
}

/**
 * Makes a Curve25519 key pair with which {@link xeddsaSign} signs natively.
 *
 * Starting from an Ed25519 seed instead of a Montgomery key is what makes it fast: the X25519 private key is the clamped
 * first half of SHA-512(seed), so an ordinary Ed25519 signature is at once a valid XEdDSA signature.
 */
export function createSigningKey(): SigningKey {
  const seed = randomBytes(32);
  const edwards = createPrivateKey({
    key: Buffer.concat([ed25519PrivatePrefix, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const edwardsPublic = createPublicKey(edwards).export({ format: 'der', type: 'spki' }).subarray(-32);
  const privateKey = createHash('sha512').update(seed).digest().subarray(0, 32);
  privateKey[0] = (privateKey[0] ?? 0) & 0xf8;
  privateKey[31] = ((privateKey[31] ?? 0) & 0x7f) | 0x40;
  return {
    publicKey: x25519PublicKeyOf(x25519PrivateKey(privateKey)),
    privateKey,
    edwards,
    signBit: (edwardsPublic[31] ?? 0) & 0x80,
  };
}

/** The 64-byte XEdDSA signature of `message`. */
export function xeddsaSign(key: SigningKey, message: Uint8Array): Buffer {
  const signature = sign(null, message, key.edwards);
  signature[63] = (signature[63] ?? 0) | key.signBit;
  return signature;
}

/** Whether `signature` (64 bytes) is an XEdDSA signature of `message` by the Curve25519 `publicKey` (32 bytes). */
export function xeddsaVerify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const edwardsSignature = Buffer.from(signature);
  const signBit = (edwardsSignature[63] ?? 0) & 0x80;
  edwardsSignature[63] = (edwardsSignature[63] ?? 0) & 0x7f;
  const edwardsPublic = edwardsFromMontgomery(publicKey);
  edwardsPublic[31] = ((edwardsPublic[31] ?? 0) & 0x7f) | signBit;
  try {
    const key = createPublicKey({
      key: Buffer.concat([ed25519PublicPrefix, edwardsPublic]),
      format: 'der',
      type: 'spki',
    });
    return verify(null, message, key, edwardsSignature);
  } catch {
    // Not a point on the curve.
    return false;
  }
}

/** y = (u - 1) / (u + 1): the birational map from the Montgomery to the Edwards form, sign bit left clear. */
function edwardsFromMontgomery(publicKey: Uint8Array): Buffer {
  const u = BigInt(`0x${Buffer.from(publicKey).reverse().toString('hex')}`) & (2n ** 255n - 1n);
  const y = (((u - 1n + p) % p) * invert((u + 1n) % p)) % p;
  return Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse();
}

/** Modular inverse by the extended Euclidean algorithm; 0 for 0. */
function invert(value: bigint): bigint {
  let [a, b, x, y] = [value % p, p, 1n, 0n];
  while (a > 1n) {
    const quotient = b / a;
    [a, b] = [b % a, a];
    [x, y] = [y - quotient * x, x];
    if (a === 0n) return 0n;
  }
  return ((x % p) + p) % p;
}
