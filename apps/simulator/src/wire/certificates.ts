import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { createKeyPair, type KeyPair } from '../signal/x25519.ts';
import { createSigningKey, xeddsaSign } from '../signal/xeddsa.ts';

/** What the server shows in the Noise handshake: its static key and the chain that vouches for it. */
export interface NoiseIdentity {
  staticKey: KeyPair;
  /** Encoded `CertChain`. */
  chain: Buffer;
  /** Raw public key of the root that clients must trust. */
  rootKey: Buffer;
}

/**
 * Makes a root key, an intermediate and a leaf certificate for a fresh static key. The client looks for serial 0 as the
 * issuer of the intermediate and verifies root → intermediate → leaf.
 */
export function createNoiseIdentity(): NoiseIdentity {
  const { Details } = proto.CertChain.NoiseCertificate;
  const root = createSigningKey();
  const issuer = createSigningKey();
  const staticKey = createKeyPair();
  const notBefore = Math.floor(Date.now() / 1000) - 86_400;
  const notAfter = notBefore + 366 * 86_400;
  const intermediate = Details.encode({
    serial: 1,
    issuerSerial: 0,
    key: issuer.publicKey,
    notBefore,
    notAfter,
  }).finish();
  const leaf = Details.encode({ serial: 2, issuerSerial: 1, key: staticKey.publicKey, notBefore, notAfter }).finish();
  const chain = proto.CertChain.encode({
    intermediate: { details: intermediate, signature: xeddsaSign(root, intermediate) },
    leaf: { details: leaf, signature: xeddsaSign(issuer, leaf) },
  }).finish();
  return { staticKey, chain: Buffer.from(chain), rootKey: root.publicKey };
}
