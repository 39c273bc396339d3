import { createKeyRing, generateKey } from '@flotilla/seal';
import {
  addTransactionCapability,
  Curve,
  getNextPreKeysNode,
  INITIAL_PREKEY_COUNT,
  initAuthCreds,
} from '@whiskeysockets/baileys';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRedis, redisStore, type TestStore } from '../test/redis-store.ts';
import { silentLogger } from '../test/silent-logger.ts';
import { createAuthState, transactionOpts } from './auth-state.ts';
import { AuthStateFailedError } from './errors.ts';
import { createKeyCache } from './key-cache.ts';
import { encodeValue } from './key-values.ts';
import { makePreKeys } from './pre-keys.ts';

let redis: Redis;
let closeRedis: () => Promise<void>;
beforeAll(async () => {
  ({ redis, close: closeRedis } = await openRedis());
});
afterAll(async () => {
  await closeRedis();
});

const keyRing = createKeyRing(`k1:${generateKey()}`);
let instances = 0;

/** A number that a phone has just linked: its credentials are stored, no pre-key is. */
async function linked() {
  instances += 1;
  const instance = `linked-${instances}`;
  const store = redisStore(redis, instance);
  const creds = { ...initAuthCreds(), account: { details: Buffer.of(1) } };
  const sealed = keyRing.seal(Buffer.from(encodeValue(creds)), `${instance}:creds`);
  await redis.hset(`{${instance}}:auth`, 'creds', sealed);
  return {
    store,
    open: (from: TestStore = store) =>
      createAuthState({
        instance,
        epoch: 1,
        store: from,
        cache: createKeyCache({ maxBytes: 1_000_000 }),
        keyRing,
        onFailed: () => {},
      }),
    storedFields: () => redis.hlen(`{${instance}}:auth`),
  };
}

const allIds = Array.from({ length: INITIAL_PREKEY_COUNT }, (_, index) => String(index + 1));

describe('the pre-keys of a number that was just linked', { timeout: 60_000 }, () => {
  test('are stored with the credentials that count them, in one commit', async () => {
    const { open, store } = await linked();
    const { state } = await open();
    expect(store.commits).toHaveLength(1);
    expect(store.commits[0]?.set.size).toBe(INITIAL_PREKEY_COUNT + 2);
    expect(state.creds).toMatchObject({ nextPreKeyId: INITIAL_PREKEY_COUNT + 1, firstUnuploadedPreKeyId: 1 });
    // Those in memory, those that are stored, and those of the next process.
    const first = await state.keys.get('pre-key', allIds);
    expect(await state.keys.get('pre-key', allIds)).toEqual(first);
    const next = await open();
    expect(await next.state.keys.get('pre-key', allIds)).toEqual(first);
    expect(next.state.creds.nextPreKeyId).toBe(INITIAL_PREKEY_COUNT + 1);
    expect(store.commits).toHaveLength(1);
    for (const { private: privateKey, public: publicKey } of Object.values(first).slice(0, 20)) {
      const other = Curve.generateKeyPair();
      const agreed = Curve.sharedKey(other.private, publicKey);
      expect(Curve.sharedKey(privateKey, other.public)).toEqual(agreed);
    }
    expect(new Set(Object.values(first).map((pair) => String(pair.public))).size).toBe(INITIAL_PREKEY_COUNT);
  });

  test('are those that Baileys uploads, once it is stored that it has', async () => {
    const { open, store } = await linked();
    const auth = await open();
    const { creds } = auth.state;
    const keys = addTransactionCapability(auth.state.keys, silentLogger, transactionOpts);
    const release = store.hold();
    let isReady = false;
    // What Baileys does before it sends the stanza.
    const prepared = keys.transaction(async () => {
      const { update, node } = await getNextPreKeysNode({ creds, keys }, INITIAL_PREKEY_COUNT);
      Object.assign(creds, update);
      void auth.saveCreds();
      return node;
    }, 'upload-pre-keys');
    void prepared.then(() => {
      isReady = true;
    });
    await expect.poll(() => store.committing).toBe(1);
    expect(isReady).toBe(false);
    release();
    const list = (await prepared).content;
    expect(JSON.stringify(list).match(/"tag":"key"/g)).toHaveLength(INITIAL_PREKEY_COUNT);
    const next = await open();
    expect(next.state.creds).toMatchObject({
      nextPreKeyId: INITIAL_PREKEY_COUNT + 1,
      firstUnuploadedPreKeyId: INITIAL_PREKEY_COUNT + 1,
    });
  });

  test('are gone when they were used, also before the upload', async () => {
    const { open } = await linked();
    const { state } = await open();
    expect(await state.keys.get('pre-key', ['5'])).toHaveProperty('5');
    await state.keys.set({ 'pre-key': { 5: null } });
    expect(await state.keys.get('pre-key', ['5'])).toEqual({});
    expect(Object.keys(await state.keys.get('pre-key', allIds))).toHaveLength(INITIAL_PREKEY_COUNT - 1);
  });

  test('are not there at all when they cannot be stored, and are made the next time', async () => {
    const { open, store, storedFields } = await linked();
    store.failNext('commit');
    await expect(open()).rejects.toThrow(AuthStateFailedError);
    expect(await storedFields()).toBe(1);
    await open();
    expect(await storedFields()).toBe(INITIAL_PREKEY_COUNT + 2);
  });
});

test('pre-keys are made in many rounds of the event loop, for one number after the other', {
  timeout: 60_000,
}, async () => {
  const order: string[] = [];
  let isDone = false;
  const [first, second] = ['first', 'second'].map(async (name) => {
    await makePreKeys(160, (id) => Buffer.from(id));
    order.push(name);
  });
  const rounds = (async () => {
    let count = 0;
    for (; !isDone; count += 1) await new Promise((resolve) => setImmediate(resolve));
    return count;
  })();
  await first;
  expect(order).toEqual(['first']);
  await second;
  isDone = true;
  expect(await rounds).toBeGreaterThanOrEqual(20);
});
