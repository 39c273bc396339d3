import { randomBytes } from 'node:crypto';
import { createKeyRing, generateKey } from '@flotilla/seal';
import { addTransactionCapability, Curve, proto, type SignalDataSet } from '@whiskeysockets/baileys';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRedis, redisStore, type TestStore } from '../test/redis-store.ts';
import { silentLogger } from '../test/silent-logger.ts';
import { type AuthState, createAuthState, transactionOpts } from './auth-state.ts';
import { AuthStateClosedError, AuthStateFailedError, NoCredentialsError } from './errors.ts';
import { createKeyCache } from './key-cache.ts';

let redis: Redis;
let closeRedis: () => Promise<void>;
beforeAll(async () => {
  ({ redis, close: closeRedis } = await openRedis());
});
afterAll(async () => {
  await closeRedis();
});

const keyRing = createKeyRing(`k1:${generateKey()}`);
const cache = createKeyCache({ maxBytes: 1_000_000 });
let instances = 0;

interface Opened {
  auth: AuthState;
  store: TestStore;
  failures: Error[];
}

function newInstance() {
  instances += 1;
  const instance = `instance-${instances}`;
  const key = `{${instance}}:auth`;
  return {
    instance,
    key,
    async open(options: { mayCreate?: boolean; epoch?: number; store?: TestStore } = {}): Promise<Opened> {
      const store = options.store ?? redisStore(redis, instance);
      const failures: Error[] = [];
      const auth = await createAuthState({
        instance,
        epoch: options.epoch ?? 1,
        store,
        cache,
        keyRing,
        mayCreate: options.mayCreate ?? true,
        onFailed: (error) => failures.push(error),
      });
      return { auth, store, failures };
    },
  };
}

const session = (text: string) => ({ session: { 'contact.0': Buffer.from(text) } }) satisfies SignalDataSet;
const preKeys = (...ids: number[]): SignalDataSet => ({
  'pre-key': Object.fromEntries(ids.map((id) => [String(id), Curve.generateKeyPair()])),
});

describe('credentials', () => {
  test('are not created unless someone asked to pair', async () => {
    const { open, key } = newInstance();
    await expect(open({ mayCreate: false })).rejects.toThrow(NoCredentialsError);
    expect(await redis.exists(key)).toBe(0);
  });

  test('are not created when they cannot be read', async () => {
    const { open, key, instance } = newInstance();
    const first = await open();
    await first.auth.saveCreds();
    const stored = await redis.hgetBuffer(key, 'creds');
    const store = redisStore(redis, instance);
    store.failNext('load');
    await expect(open({ store, mayCreate: true })).rejects.toThrow(AuthStateFailedError);
    expect(await redis.hgetBuffer(key, 'creds')).toEqual(stored);
  });

  test('are not created when they cannot be opened', async () => {
    const { open, key } = newInstance();
    await redis.hset(key, 'creds', randomBytes(100));
    await expect(open()).rejects.toThrow(AuthStateFailedError);
  });

  test('come back as they were', async () => {
    const { open } = newInstance();
    const { auth } = await open();
    auth.state.creds.me = { id: '1:2@s.whatsapp.net', name: 'Müller' };
    auth.state.creds.routingInfo = Buffer.from([1, 2, 3]);
    await auth.saveCreds();
    const again = await open({ mayCreate: false });
    expect(again.auth.state.creds.me).toEqual({ id: '1:2@s.whatsapp.net', name: 'Müller' });
    expect(again.auth.state.creds.routingInfo).toEqual(Buffer.from([1, 2, 3]));
    expect(Buffer.from(again.auth.state.creds.noiseKey.private)).toEqual(
      Buffer.from(auth.state.creds.noiseKey.private),
    );
  });

  test('are sealed for their instance and field', async () => {
    const { open, key } = newInstance();
    const { auth } = await open();
    await auth.saveCreds();
    expect(String(await redis.hgetBuffer(key, 'creds'))).not.toContain('noiseKey');
    const other = newInstance();
    await redis.hset(other.key, 'creds', (await redis.hgetBuffer(key, 'creds')) ?? '');
    await expect(other.open()).rejects.toThrow(AuthStateFailedError);
  });

  test('are written once for many changes, as they were last', async () => {
    const { open } = newInstance();
    const { auth, store } = await open();
    for (let counter = 1; counter <= 20; counter += 1) {
      auth.state.creds.accountSyncCounter = counter;
      void auth.saveCreds();
    }
    await auth.flush();
    expect(store.commits).toHaveLength(1);
    expect((await open()).auth.state.creds.accountSyncCounter).toBe(20);
  });
});

describe('keys', () => {
  test('come back as they were, from the store as from memory', async () => {
    const { open } = newInstance();
    const { auth } = await open();
    const keyPair = Curve.generateKeyPair();
    const syncKey = proto.Message.AppStateSyncKeyData.fromObject({ keyData: randomBytes(32), timestamp: 5 });
    const data: SignalDataSet = {
      session: { 'contact.0': Buffer.from('ratchet') },
      'pre-key': { 7: keyPair },
      'app-state-sync-key': { AAAA: syncKey },
      'device-list': { 49: ['0', '5'] },
      'lid-mapping': { 49: '1234' },
    };
    await auth.state.keys.set(data);
    for (const epoch of [1, 2]) {
      const { keys } = (await open({ epoch })).auth.state;
      expect(await keys.get('session', ['contact.0', 'missing'])).toEqual({ 'contact.0': Buffer.from('ratchet') });
      const preKey = (await keys.get('pre-key', ['7']))['7'];
      expect(Buffer.from(preKey?.private ?? [])).toEqual(Buffer.from(keyPair.private));
      const loaded = (await keys.get('app-state-sync-key', ['AAAA'])).AAAA;
      expect(loaded).toBeInstanceOf(proto.Message.AppStateSyncKeyData);
      expect(Buffer.from(loaded?.keyData ?? [])).toEqual(Buffer.from(syncKey.keyData ?? []));
      expect(await keys.get('device-list', ['49'])).toEqual({ 49: ['0', '5'] });
      expect(await keys.get('lid-mapping', ['49'])).toEqual({ 49: '1234' });
    }
  });

  test('are read from memory, but pre-keys are not kept there', async () => {
    const { open } = newInstance();
    const { auth, store } = await open();
    await auth.state.keys.set({ ...session('one'), ...preKeys(1) });
    store.loads.length = 0;
    await auth.state.keys.get('session', ['contact.0']);
    await auth.state.keys.get('session', ['unknown.0']);
    await auth.state.keys.get('session', ['unknown.0']);
    await auth.state.keys.get('pre-key', ['1']);
    expect(store.loads).toEqual([['session:unknown.0'], ['pre-key:1']]);
  });

  test('812 new pre-keys leave next to nothing in memory', async () => {
    const { open } = newInstance();
    const { auth } = await open();
    const before = cache.bytes;
    await auth.state.keys.set(preKeys(...Array.from({ length: 812 }, (_, index) => index + 1)));
    expect(cache.bytes - before).toBeLessThan(1000);
  });

  test('can be read while they are being stored', async () => {
    const { open } = newInstance();
    const { auth, store } = await open();
    const release = store.hold();
    const stored = auth.state.keys.set({ ...session('one'), ...preKeys(1) });
    expect(await auth.state.keys.get('session', ['contact.0'])).toEqual({ 'contact.0': Buffer.from('one') });
    expect(Object.keys(await auth.state.keys.get('pre-key', ['1']))).toEqual(['1']);
    release();
    await stored;
  });

  test('that a reader changed are not changed for the next', async () => {
    const { open } = newInstance();
    const { auth } = await open();
    await auth.state.keys.set({ 'sender-key-memory': { group: { first: true } } });
    const memory = (await auth.state.keys.get('sender-key-memory', ['group'])).group;
    if (memory) memory.second = true;
    expect(await auth.state.keys.get('sender-key-memory', ['group'])).toEqual({ group: { first: true } });
  });

  test('that did not change are not written', async () => {
    const { open } = newInstance();
    const { auth, store } = await open();
    await auth.state.keys.set(session('one'));
    await auth.state.keys.set(session('one'));
    expect(store.commits).toHaveLength(1);
    await auth.state.keys.set(session('two'));
    await auth.state.keys.set({ session: { 'contact.0': null } });
    expect(store.commits).toHaveLength(3);
    expect(store.commits[2]?.remove).toEqual(['session:contact.0']);
  });

  test('that did not change are waited for while they are being stored', async () => {
    const { open } = newInstance();
    const { auth, store, failures } = await open();
    const release = store.hold();
    store.failNext('commit');
    const first = auth.state.keys.set(session('one'));
    const same = auth.state.keys.set(session('one'));
    release();
    for (const result of await Promise.allSettled([first, same])) expect(result.status).toBe('rejected');
    expect(failures).toHaveLength(1);
  });

  test('are stored in order, one commit at a time', async () => {
    const { open } = newInstance();
    const { auth, store } = await open();
    const release = store.hold();
    const first = auth.state.keys.set(session('one'));
    await expect.poll(() => store.committing).toBe(1);
    const second = auth.state.keys.set(session('two'));
    const third = auth.state.keys.set({ session: { 'other.0': Buffer.from('three') } });
    expect(store.committing).toBe(1);
    release();
    await Promise.all([first, second, third]);
    expect(store.commits.map(({ set }) => [...set.keys()])).toEqual([
      ['session:contact.0'],
      ['session:contact.0', 'session:other.0'],
    ]);
    expect(await (await open({ epoch: 2 })).auth.state.keys.get('session', ['contact.0'])).toEqual({
      'contact.0': Buffer.from('two'),
    });
  });

  test('of an earlier ownership are not taken from memory', async () => {
    const { open } = newInstance();
    const first = await open({ epoch: 1 });
    await first.auth.state.keys.set(session('mine'));
    const elsewhere = await open({ epoch: 2 });
    await elsewhere.auth.state.keys.set(session('theirs'));
    const back = await open({ epoch: 3 });
    expect(await back.auth.state.keys.get('session', ['contact.0'])).toEqual({ 'contact.0': Buffer.from('theirs') });
  });
});

describe('pre-key ids', () => {
  test('are not handed out again after a crash between pre-keys and credentials', async () => {
    const { open } = newInstance();
    const { auth } = await open();
    auth.state.creds.nextPreKeyId = 31;
    auth.state.creds.firstUnuploadedPreKeyId = 31;
    await auth.saveCreds();
    await auth.state.keys.set(preKeys(31, 32, 33));
    const { creds } = (await open({ epoch: 2 })).auth.state;
    expect(creds.nextPreKeyId).toBe(34);
    expect(creds.firstUnuploadedPreKeyId).toBe(34);
  });

  test('stay as the credentials say when those are ahead', async () => {
    const { open } = newInstance();
    const { auth } = await open();
    await auth.state.keys.set(preKeys(1, 2, 3));
    await auth.state.keys.set({ 'pre-key': { 3: null } });
    auth.state.creds.nextPreKeyId = 813;
    auth.state.creds.firstUnuploadedPreKeyId = 700;
    await auth.saveCreds();
    const { creds } = (await open({ epoch: 2 })).auth.state;
    expect(creds.nextPreKeyId).toBe(813);
    expect(creds.firstUnuploadedPreKeyId).toBe(700);
  });
});

describe('a failed write', () => {
  test('rejects, is reported once, and ends the state', async () => {
    const { open } = newInstance();
    const { auth, store, failures } = await open();
    await auth.state.keys.set(session('one'));
    store.failNext('commit');
    const waiting = [auth.state.keys.set(session('two')), auth.saveCreds()];
    for (const result of await Promise.allSettled(waiting)) expect(result.status).toBe('rejected');
    await expect(auth.flush()).rejects.toThrow(AuthStateFailedError);
    await expect(async () => await auth.state.keys.set(session('three'))).rejects.toThrow(AuthStateFailedError);
    await expect(async () => await auth.state.keys.get('session', ['contact.0'])).rejects.toThrow(AuthStateFailedError);
    expect(failures).toHaveLength(1);
    expect(auth.failure).toBe(failures[0]);
    expect(store.commits).toHaveLength(1);
  });

  test('leaves nothing of itself in memory', async () => {
    const { open } = newInstance();
    const { auth, store } = await open();
    await auth.state.keys.set(session('one'));
    store.failNext('commit');
    await expect(async () => await auth.state.keys.set(session('two'))).rejects.toThrow();
    const again = await open();
    expect(await again.auth.state.keys.get('session', ['contact.0'])).toEqual({ 'contact.0': Buffer.from('one') });
  });

  test('is not tried again inside Baileys’ lock', async () => {
    const { open } = newInstance();
    const { auth, store } = await open();
    const keys = addTransactionCapability(auth.state.keys, silentLogger, transactionOpts);
    store.failNext('commit', new Error('FENCED'));
    const startedAt = performance.now();
    await expect(keys.transaction(async () => await keys.set(session('one')), 'me')).rejects.toThrow(
      AuthStateFailedError,
    );
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(store.commits).toHaveLength(0);
  });

  test('does not end the process when nobody waits for it', async () => {
    const { open } = newInstance();
    const { auth, store, failures } = await open();
    store.failNext('commit');
    auth.saveCreds();
    await expect.poll(() => failures.length).toBe(1);
    auth.saveCreds();
    await auth.close();
  });
});

test('a failed read ends the state, and is not taken for a missing key', async () => {
  const { open } = newInstance();
  const { auth, store, failures } = await open();
  store.failNext('load');
  await expect(async () => await auth.state.keys.get('session', ['contact.0'])).rejects.toThrow(AuthStateFailedError);
  expect(failures).toHaveLength(1);
  await expect(async () => await auth.state.keys.set(session('one'))).rejects.toThrow(AuthStateFailedError);
});

test('closing stores what is left, and refuses the rest', async () => {
  const { open } = newInstance();
  const { auth, failures } = await open();
  void auth.state.keys.set(session('one'));
  await auth.close();
  await expect(async () => await auth.state.keys.set(session('two'))).rejects.toThrow(AuthStateClosedError);
  const again = await open({ epoch: 2 });
  expect(await again.auth.state.keys.get('session', ['contact.0'])).toEqual({ 'contact.0': Buffer.from('one') });
  expect(failures).toHaveLength(0);
});

test('device lists outlive the process', async () => {
  const { open } = newInstance();
  const { auth } = await open();
  const devices = [{ user: '49', server: 's.whatsapp.net', device: 3 }];
  await auth.userDevicesCache.mset?.([{ key: '49', value: devices }]);
  await auth.userDevicesCache.set('50', devices);
  expect(await auth.userDevicesCache.get('49')).toEqual(devices);
  await auth.flush();
  const { userDevicesCache, flush } = (await open({ epoch: 2 })).auth;
  expect(await userDevicesCache.mget?.(['49', '50', '51'])).toEqual({ 49: devices, 50: devices });
  await userDevicesCache.del('49');
  await flush();
  expect(await (await open({ epoch: 3 })).auth.userDevicesCache.get('49')).toBeUndefined();
});
