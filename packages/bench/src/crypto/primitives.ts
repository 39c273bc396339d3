import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { curve, curvesOfBaileys, makePreKeys } from '@flotilla/auth-state';
import { exposeCollector } from '@flotilla/service';
import { Curve, generateOrGetPreKeys, INITIAL_PREKEY_COUNT, initAuthCreds } from '@whiskeysockets/baileys';

/** One thing that is calculated, by Flotilla and by the libraries as they are installed. */
export interface Primitive {
  name: string;
  ours(): unknown;
  theirs(): unknown;
  /** How often in a round: the baseline takes up to 8 ms each. */
  count: number;
}

/** What a login, a pairing and a message calculate on the curve. */
export function primitives(): Primitive[] {
  const { libsignal } = curvesOfBaileys();
  const { pubKey, privKey } = libsignal.generateKeyPair();
  const raw = pubKey.subarray(1);
  const message = randomBytes(100);
  const signature = libsignal.calculateSignature(privKey, message);
  return [
    {
      name: 'sign',
      ours: () => curve.sign(privKey, message),
      theirs: () => libsignal.calculateSignature(privKey, message),
      count: 40,
    },
    {
      name: 'verify',
      ours: () => curve.verify(raw, message, signature),
      theirs: () => libsignal.verifySignature(pubKey, message, signature),
      count: 40,
    },
    { name: 'generate', ours: curve.generateKeyPair, theirs: libsignal.generateKeyPair, count: 500 },
    {
      name: 'agree',
      ours: () => curve.agree(raw, privKey),
      theirs: () => libsignal.calculateAgreement(pubKey, privKey),
      count: 500,
    },
  ];
}

/** Whether the baseline is what is installed: only curve25519-js makes the same signature twice. */
export function isPlain(): boolean {
  const { private: key } = Curve.generateKeyPair();
  const [first, second] = [1, 2].map(() => Curve.sign(Buffer.from(key), Buffer.of(1)));
  return String(first) === String(second);
}

const collect = exposeCollector();

/**
 * Gets rid of what was left by whoever was measured before: signatures in JavaScript leave so much garbage that what came
 * after them seemed twice as dear as it is.
 */
async function settle(): Promise<void> {
  collect();
  // Threads of V8 go on sweeping for some milliseconds, and what was finalized is free after the next collection.
  await pause(30);
  collect();
  await pause(30);
}

/** The processor time that this process takes for something (ms), with what it takes meanwhile to collect its garbage. */
export async function cpuMs(work: () => unknown): Promise<number> {
  await settle();
  return cpuOf(work);
}

async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** What the pre-keys of a new number cost: processor time, and the longest time for which nothing else could happen (ms). */
export async function preKeyCost(make: 'ours' | 'theirs'): Promise<{ cpu: number; pause: number }> {
  await settle();
  let longest = 0;
  let last = performance.now();
  let isDone = false;
  const rounds = (async () => {
    while (!isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }
  })();
  const cpu = await cpuOf(async () => {
    if (make === 'ours') await makePreKeys(INITIAL_PREKEY_COUNT, (_, value) => Buffer.from(value));
    else generateOrGetPreKeys(initAuthCreds(), INITIAL_PREKEY_COUNT);
  });
  isDone = true;
  await rounds;
  return { cpu, pause: longest };
}
