import { expect, test } from 'vitest';
import { PreKeyStore } from './pre-key-store.ts';

const preKey = (id: number) => ({ id, publicKey: Buffer.alloc(32, id) });

test('keys come out once, in the order of upload', () => {
  const store = new PreKeyStore();
  store.add([preKey(1), preKey(2)]);
  expect(store.take()).toEqual(preKey(1));
  store.add([preKey(2), preKey(3)]);
  expect(store.size).toBe(2);
  expect([store.take(), store.take(), store.take()]).toEqual([preKey(2), preKey(3), undefined]);
  expect(store.size).toBe(0);
});

test('what is no key is left out', () => {
  const store = new PreKeyStore();
  store.add([{ id: 1, publicKey: Buffer.alloc(31) }]);
  expect(store.size).toBe(0);
});
