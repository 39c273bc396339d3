import { createPrivateKey, createPublicKey } from 'node:crypto';
import { bytesOf, isObject, type Json } from './json.ts';

/** What stands before the 32 bytes of an X25519 private key in PKCS #8 (RFC 8410). */
const pkcs8Header = Buffer.from('302e020100300506032b656e04220420', 'hex');
/** Signal puts this byte before a public key of Curve25519. */
const curveType = 5;

/** Why something is not a pair of Curve25519 keys that belong together, as the end of a sentence; undefined if it is one. */
export function wrongKeyPair(value: Json | undefined): string | undefined {
  if (!isObject(value)) return 'is missing';
  const privateKey = bytesOf(value.private);
  const publicKey = bytesOf(value.public);
  if (privateKey?.length !== 32) return 'has no private key of 32 bytes';
  if (publicKey === undefined || !isPublicKey(publicKey)) return 'has no public key of 32 bytes';
  return publicOf(privateKey).equals(publicKey.subarray(-32)) ? undefined : 'has keys that do not belong together';
}

const isPublicKey = (key: Buffer) => key.length === 32 || (key.length === 33 && key[0] === curveType);

function publicOf(privateKey: Buffer): Buffer {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Header, privateKey]), format: 'der', type: 'pkcs8' });
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
}
