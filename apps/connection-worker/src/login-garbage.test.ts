import { eventually } from '@flotilla/testkit';
import { expect, test } from 'vitest';
import { createLoginGarbage } from './login-garbage.ts';

function collecting(held: number, quietMs = 50) {
  const seen = { collections: 0 };
  const log = { info: () => {} };
  const collect = () => {
    seen.collections += 1;
  };
  return { seen, noteLogin: createLoginGarbage({ held: () => held, log, collect, expectedMs: () => 0, quietMs }) };
}

test('a rush of logins is followed by one collection, when it is over', async () => {
  const { seen, noteLogin } = collecting(100);
  for (let n = 0; n < 30; n += 1) noteLogin();
  expect(seen.collections).toBe(0);
  await eventually(() => seen.collections === 1);
  for (let n = 0; n < 30; n += 1) noteLogin();
  await eventually(() => seen.collections === 2);
});

test('few logins among many instances add up until they are worth one', async () => {
  const { seen, noteLogin } = collecting(200, 5);
  for (let n = 0; n < 39; n += 1) noteLogin();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(seen.collections).toBe(0);
  noteLogin();
  await eventually(() => seen.collections === 1);
});

test('a collection waits until it would not stop the worker for too long', async () => {
  let expected = 20_000;
  let looks = 0;
  let collections = 0;
  const noteLogin = createLoginGarbage({
    held: () => 0,
    log: { info: () => {} },
    collect: () => {
      collections += 1;
    },
    expectedMs: () => {
      looks += 1;
      return expected;
    },
    quietMs: 5,
    laterMs: 20,
  });
  for (let n = 0; n < 20; n += 1) noteLogin();
  await eventually(() => looks > 2);
  expect(collections).toBe(0);
  expected = 100;
  await eventually(() => collections === 1);
});

test('what was garbage is gone', async () => {
  const collected: boolean[] = [];
  const registry = new FinalizationRegistry(() => collected.push(true));
  registry.register({ large: new Array(1_000).fill(0) }, undefined);
  const noteLogin = createLoginGarbage({ held: () => 0, log: { info: () => {} }, expectedMs: () => 0, quietMs: 5 });
  for (let n = 0; n < 20; n += 1) noteLogin();
  await eventually(() => collected.length === 1);
});
