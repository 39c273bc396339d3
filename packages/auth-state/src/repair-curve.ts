import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Curve } from '@whiskeysockets/baileys';
import { agree, generateKeyPair, sign, verify } from './curve.ts';

/** What the repair replaces of libsignal 6.0.0. */
interface LibsignalCurve {
  /** The public key with Signal's type before it. */
  generateKeyPair(): { pubKey: Buffer; privKey: Buffer };
  calculateAgreement(publicKey: Uint8Array, privateKey: Uint8Array): Buffer<ArrayBuffer>;
  calculateSignature(privateKey: Buffer, message: Uint8Array): Buffer;
  verifySignature(publicKey: Buffer, message: Uint8Array, signature: Uint8Array): boolean;
}

/** What it replaces of curve25519-js 0.0.4, by which libsignal signs and verifies. */
interface SlowCurve {
  sign(privateKey: Uint8Array, message: Uint8Array, random?: Uint8Array): Uint8Array;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** The modules that calculate on the curve. */
export interface CurveModules {
  libsignal: LibsignalCurve;
  slow: SlowCurve;
  /** Baileys' own, which took hold of libsignal's functions when it was loaded. */
  baileys: typeof Curve;
}

const repaired = new WeakSet<object>();
const keyType = Buffer.of(5);

/** The modules that Baileys itself uses. */
export function curvesOfBaileys(): CurveModules {
  const baileys = createRequire(fileURLToPath(import.meta.resolve('@whiskeysockets/baileys')));
  const { curve } = baileys('libsignal') as { curve: LibsignalCurve };
  const slow = createRequire(baileys.resolve('libsignal'))('curve25519-js') as SlowCurve;
  return { libsignal: curve, slow, baileys: Curve };
}

/**
 * Lets libsignal and Baileys calculate on the curve natively. Call it before the first socket is made; calling it again
 * does nothing.
 *
 * 1. Signatures are made and verified by curve25519-js, in JavaScript: 7.7 and 6.1 ms. Here the code that Baileys brings as
 *    WebAssembly does it: 0.1 and 0.2 ms.
 * 2. Key pairs and agreements take their way through DER, which costs as much as the calculation.
 * 3. `Curve.verify` of Baileys says yes whatever libsignal has found, so that any server's certificate is good. Here what
 *    was found counts.
 *
 * Whatever is malformed or would be refused goes to the original function, which refuses it as ever. Throws when a library is not what this
 * was written for.
 */
export function repairCurve({ libsignal, slow, baileys }: CurveModules = curvesOfBaileys()): void {
  if (repaired.has(slow)) return;
  const { calculateAgreement } = libsignal;
  const replaced = [libsignal.generateKeyPair, calculateAgreement, libsignal.verifySignature, slow.sign, slow.verify];
  for (const method of [...replaced, ...Object.values(baileys)]) {
    if (typeof method !== 'function') throw new Error('This libsignal is not the one that repair-curve.ts mends');
  }
  repaired.add(slow);

  const slowSign = slow.sign;
  slow.sign = (privateKey, message, random) =>
    isBytes(privateKey, 32) && isBytes(message) && random === undefined
      ? sign(privateKey, message)
      : slowSign(privateKey, message, random);
  const slowVerify = slow.verify;
  slow.verify = (publicKey, message, signature) =>
    isBytes(publicKey, 32) && isBytes(message) && isBytes(signature, 64)
      ? verify(publicKey, message, signature)
      : slowVerify(publicKey, message, signature);

  libsignal.generateKeyPair = () => {
    const pair = generateKeyPair();
    return { pubKey: Buffer.concat([keyType, pair.public]), privKey: pair.private };
  };
  libsignal.calculateAgreement = (publicKey, privateKey) => {
    const isUsual = isBytes(publicKey, 33) && publicKey[0] === keyType[0] && isBytes(privateKey, 32);
    const agreed = isUsual ? agree(publicKey.subarray(1), privateKey) : undefined;
    return agreed ?? calculateAgreement(publicKey, privateKey);
  };

  baileys.generateKeyPair = generateKeyPair;
  baileys.sharedKey = (privateKey, publicKey) => libsignal.calculateAgreement(prefixed(publicKey), privateKey);
  baileys.verify = (publicKey, message, signature) => {
    try {
      return libsignal.verifySignature(prefixed(publicKey), message, signature);
    } catch {
      return false;
    }
  };
}

const isBytes = (value: unknown, length?: number): value is Uint8Array =>
  value instanceof Uint8Array && (length === undefined || value.length === length);

const prefixed = (publicKey: Uint8Array): Buffer =>
  publicKey.length === 33 ? Buffer.from(publicKey) : Buffer.concat([keyType, publicKey]);
