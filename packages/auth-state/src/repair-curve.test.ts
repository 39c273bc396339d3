import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Curve } from '@whiskeysockets/baileys';
import { describe, expect, test } from 'vitest';
import { type CurveModules, curvesOfBaileys, repairCurve } from './repair-curve.ts';

const installedCurve = { ...Curve };

/** Modules of their own, as they are installed. */
function freshCurves(): CurveModules {
  const { cache } = createRequire(fileURLToPath(import.meta.resolve('@whiskeysockets/baileys')));
  const parts = Object.keys(cache).filter((path) => /node_modules\/(libsignal|curve25519-js)\//.test(path));
  const loaded = new Map(parts.map((path) => [path, cache[path]]));
  for (const path of parts) delete cache[path];
  try {
    return { ...curvesOfBaileys(), baileys: { ...installedCurve } };
  } finally {
    for (const [path, module] of loaded) cache[path] = module;
  }
}

const plain = freshCurves();
const mended = freshCurves();
repairCurve(mended);

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const withType = (key: Uint8Array) => Buffer.concat([Buffer.of(5), key]);
/** Keys that no honest party has: of few points, or beyond the field. */
const oddKeys = [
  Buffer.alloc(32),
  Buffer.alloc(32, 255),
  Buffer.from(`01${'00'.repeat(31)}`, 'hex'),
  Buffer.from(`ec${'ff'.repeat(30)}7f`, 'hex'),
  Buffer.from(`ed${'ff'.repeat(30)}7f`, 'hex'),
].map(withType);

/** What a function gives, or how it refuses. */
function outcome(call: () => unknown): string {
  try {
    return JSON.stringify(call());
  } catch (error) {
    if (!(error instanceof Error)) throw new Error('What is thrown is no error', { cause: error });
    return error.message;
  }
}

describe('signatures', () => {
  test('are good on the other side, both ways, and one wrong bit spoils them', { timeout: 120_000 }, () => {
    for (const index of times(200, (n) => n)) {
      const [maker, reader] = index % 2 ? [plain.libsignal, mended.libsignal] : [mended.libsignal, plain.libsignal];
      const { pubKey, privKey } = (index % 4 < 2 ? plain : mended).libsignal.generateKeyPair();
      const message = randomBytes(index * 3);
      const signature = maker.calculateSignature(privKey, message);
      expect(signature).toHaveLength(64);
      expect(reader.verifySignature(pubKey, message, signature)).toBe(true);
      const forged = Buffer.from(signature);
      // All bits in turn; the last one is the sign of the key.
      const bit = (index * 13 + 511) % 512;
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(mended.libsignal.verifySignature(pubKey, message, forged)).toBe(false);
    }
  });

  test('of private keys that are not clamped are good as well', () => {
    for (const privKey of times(20, () => randomBytes(32))) {
      const base = withType(Buffer.from(`09${'00'.repeat(31)}`, 'hex'));
      const pubKey = withType(plain.libsignal.calculateAgreement(base, privKey));
      const message = randomBytes(33);
      for (const { libsignal } of [plain, mended]) {
        const signature = libsignal.calculateSignature(privKey, message);
        expect(mended.libsignal.verifySignature(pubKey, message, signature)).toBe(true);
        expect(plain.libsignal.verifySignature(pubKey, message, signature)).toBe(true);
      }
    }
  });

  test('are refused alike', () => {
    const { pubKey, privKey } = plain.libsignal.generateKeyPair();
    const message = randomBytes(50);
    const signature = plain.libsignal.calculateSignature(privKey, message);
    const other = plain.libsignal.generateKeyPair().pubKey;
    const cases: [Buffer, Uint8Array, Uint8Array][] = [
      [other, message, signature],
      [pubKey, message.subarray(1), signature],
      [pubKey, message, signature.subarray(1)],
      [pubKey, message, Buffer.alloc(64)],
      [pubKey, message, Buffer.alloc(64, 255)],
      [pubKey.subarray(0, 32), message, signature],
      [pubKey.subarray(2), message, signature],
      [Buffer.concat([Buffer.of(6), pubKey.subarray(1)]), message, signature],
      ...oddKeys.map((key): [Buffer, Uint8Array, Uint8Array] => [key, message, signature]),
    ];
    for (const given of cases) {
      const ours = outcome(() => mended.libsignal.verifySignature(...given));
      expect(ours).toBe(outcome(() => plain.libsignal.verifySignature(...given)));
      expect(ours).not.toBe('true');
    }
    const short = privKey.subarray(1);
    expect(outcome(() => mended.libsignal.calculateSignature(short, message))).toBe(
      outcome(() => plain.libsignal.calculateSignature(short, message)),
    );
  });
});

describe('agreements', () => {
  test('are the same, with keys of either side', () => {
    for (const index of times(300, (n) => n)) {
      const [mine, theirs] = index % 2 ? [plain, mended] : [mended, plain];
      const own = mine.libsignal.generateKeyPair();
      const other = theirs.libsignal.generateKeyPair();
      // The highest bit of a public key means nothing.
      if (index % 3 === 0) other.pubKey[32] = (other.pubKey[32] ?? 0) | 0x80;
      const agreed = mended.libsignal.calculateAgreement(other.pubKey, own.privKey);
      expect(agreed).toHaveLength(32);
      expect(agreed).toEqual(plain.libsignal.calculateAgreement(other.pubKey, own.privKey));
      expect(agreed).toEqual(mended.libsignal.calculateAgreement(own.pubKey, other.privKey));
      expect(mended.baileys.sharedKey(own.privKey, other.pubKey.subarray(1))).toEqual(agreed);
    }
  });

  test('are refused alike', () => {
    const { pubKey, privKey } = plain.libsignal.generateKeyPair();
    const malformed = [pubKey.subarray(2), Buffer.alloc(0), Buffer.concat([Buffer.of(6), pubKey.subarray(1)])];
    for (const key of [...oddKeys, ...malformed]) {
      expect(outcome(() => mended.libsignal.calculateAgreement(key, privKey))).toBe(
        outcome(() => plain.libsignal.calculateAgreement(key, privKey)),
      );
    }
    const short = privKey.subarray(1);
    expect(outcome(() => mended.libsignal.calculateAgreement(pubKey, short))).toBe(
      outcome(() => plain.libsignal.calculateAgreement(pubKey, short)),
    );
  });
});

test('new keys look like those of libsignal, and are never the same', () => {
  const keys = times(100, () => mended.libsignal.generateKeyPair());
  for (const { pubKey, privKey } of keys) {
    expect([pubKey.length, pubKey[0], privKey.length]).toEqual([33, 5, 32]);
    expect([(privKey[0] ?? 0) & 7, (privKey[31] ?? 0) >> 6]).toEqual([0, 1]);
  }
  expect(new Set(keys.map(({ privKey }) => privKey.toString('hex'))).size).toBe(100);
  const { public: pub, private: priv } = mended.baileys.generateKeyPair();
  expect([pub.length, priv.length]).toEqual([32, 32]);
});

test('what Baileys verifies counts, and cannot throw', () => {
  const { public: key, private: privateKey } = mended.baileys.generateKeyPair();
  const message = randomBytes(10);
  const signature = mended.baileys.sign(Buffer.from(privateKey), message);
  expect(mended.baileys.verify(key, message, signature)).toBe(true);
  expect(mended.baileys.verify(withType(key), message, signature)).toBe(true);
  expect(mended.baileys.verify(key, randomBytes(10), signature)).toBe(false);
  expect(mended.baileys.verify(key.subarray(1), message, signature)).toBe(false);
  expect(mended.baileys.verify(key, message, signature.subarray(1))).toBe(false);
});

describe('the libraries as they are installed', () => {
  const advice = 'is no longer what repair-curve.ts mends: take that part of it out';

  test('sign and verify in JavaScript', () => {
    const { libsignal, slow } = freshCurves();
    const called: string[] = [];
    const { sign, verify } = slow;
    slow.sign = (...args) => {
      called.push('sign');
      return sign(...args);
    };
    slow.verify = (...args) => {
      called.push('verify');
      return verify(...args);
    };
    const { pubKey, privKey } = libsignal.generateKeyPair();
    libsignal.verifySignature(pubKey, pubKey, libsignal.calculateSignature(privKey, pubKey));
    expect(called, `libsignal's way to sign ${advice}`).toEqual(['sign', 'verify']);
    expect(String(sign), `curve25519-js ${advice}`).not.toMatch(/crypto|wasm/i);
  });

  test('take keys through DER', () => {
    const { generateKeyPair, calculateAgreement } = plain.libsignal;
    expect(String(generateKeyPair), `libsignal's way to make keys ${advice}`).toMatch(/format: 'der'/);
    expect(String(calculateAgreement), `libsignal's way to agree ${advice}`).toMatch(/format: 'der'/);
  });

  test('take any signature for a good one', () => {
    const { public: key } = installedCurve.generateKeyPair();
    const verified = installedCurve.verify(key, randomBytes(10), randomBytes(64));
    expect(verified, `Baileys' Curve.verify ${advice}`).toBe(true);
  });
});

test('it is Baileys’ curve that is repaired, also where it took hold of libsignal before, and once', () => {
  repairCurve();
  const { sign } = curvesOfBaileys().slow;
  repairCurve();
  expect(curvesOfBaileys().slow.sign).toBe(sign);
  expect(Curve.verify).not.toBe(installedCurve.verify);
  // Signatures of curve25519-js are the same each time.
  const { private: key } = Curve.generateKeyPair();
  const signed = () => Buffer.from(installedCurve.sign(Buffer.from(key), Buffer.of(1))).toString('hex');
  expect(signed()).not.toBe(signed());
});
