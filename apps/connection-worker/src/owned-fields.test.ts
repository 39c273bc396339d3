import { expect, test } from 'vitest';
import { OwnedFields } from './owned-fields.ts';

test('a field is read once, and again after a write to its key', async () => {
  const fields = new OwnedFields();
  let value = 'a';
  let reads = 0;
  const get = (key = 'chat') =>
    fields.get(key, async () => {
      reads += 1;
      return value;
    });
  expect([await get(), await get()]).toEqual(['a', 'a']);
  expect(reads).toBe(1);
  value = 'b';
  fields.forget(['another']);
  expect(await get()).toBe('a');
  fields.forget(['chat']);
  expect(await get()).toBe('b');
});

test('what was read while it was being written is not kept', async () => {
  const fields = new OwnedFields();
  const { promise, resolve } = Promise.withResolvers<string | null>();
  fields.forget(['chat']);
  const during = fields.get('chat', () => promise);
  fields.forget(['chat']);
  resolve('before');
  expect(await during).toBe('before');
  expect(await fields.get('chat', async () => 'after')).toBe('after');
});

test('a read that fails is tried again, and only the newest keys are kept', async () => {
  const fields = new OwnedFields();
  await expect(fields.get('chat', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await fields.get('chat', async () => 'back')).toBe('back');
  for (let n = 0; n < 100; n += 1) await fields.get(`chat-${n}`, async () => null);
  expect(await fields.get('chat', async () => 'anew')).toBe('anew');
});
