import { expect, test } from 'vitest';
import { type Ciphertext, SignalParty } from './party.ts';

const ann = { lid: '1', device: 0 };
const bob = { lid: '2', device: 0 };

/** Two parties with an open session that both have used. */
async function conversation() {
  const a = new SignalParty('a');
  const b = new SignalParty('b');
  await a.openSession(bob, b.bundle());
  await b.decrypt(ann, await a.encrypt(bob, Buffer.from('hello')));
  await a.decrypt(bob, await b.encrypt(ann, Buffer.from('hello')));
  return { a, b };
}

test('two parties read each other, in order and out of order', async () => {
  const { a, b } = await conversation();
  const sent: Ciphertext[] = [];
  for (let index = 0; index < 5; index += 1) sent.push(await a.encrypt(bob, Buffer.from(`text ${index}`)));
  for (const index of [4, 0, 3, 1, 2]) {
    const ciphertext = sent[index];
    if (!ciphertext) throw new Error('not sent');
    expect(ciphertext.type).toBe('msg');
    expect((await b.decrypt(ann, ciphertext)).toString()).toBe(`text ${index}`);
  }
});

test('a message of an older session does not ruin the newer one', async () => {
  const { a, b } = await conversation();
  const underWay = await b.encrypt(ann, Buffer.from('of the old session'));
  // The client opens a new session although it has a good one.
  await a.openSession(bob, b.bundle());
  const first = await a.encrypt(bob, Buffer.from('first of the new'));
  expect((await a.decrypt(bob, underWay)).toString()).toBe('of the old session');
  const second = await a.encrypt(bob, Buffer.from('second of the new'));
  expect((await b.decrypt(ann, first)).toString()).toBe('first of the new');
  expect((await b.decrypt(ann, second)).toString()).toBe('second of the new');
});

test('what cannot be read changes nothing', async () => {
  const { a, b } = await conversation();
  const genuine = await a.encrypt(bob, Buffer.from('genuine'));
  const forged = { ...genuine, content: Buffer.from(genuine.content) };
  forged.content[20] = (forged.content[20] ?? 0) ^ 1;
  await expect(b.decrypt(ann, forged)).rejects.toThrow();
  expect((await b.decrypt(ann, genuine)).toString()).toBe('genuine');

  const other = new SignalParty('c');
  await other.openSession(bob, b.bundle());
  const preKeyMessage = await other.encrypt(bob, Buffer.from('from somebody else'));
  const altered = { ...preKeyMessage, content: Buffer.from(preKeyMessage.content) };
  altered.content[altered.content.length - 30] = (altered.content.at(-30) ?? 0) ^ 1;
  await expect(b.decrypt(ann, altered)).rejects.toThrow();
  expect((await b.decrypt({ lid: '3', device: 0 }, preKeyMessage)).toString()).toBe('from somebody else');
});

test('long conversations keep few chains', async () => {
  const { a, b } = await conversation();
  for (let turn = 0; turn < 60; turn += 1) {
    await b.decrypt(ann, await a.encrypt(bob, Buffer.from('ping')));
    await a.decrypt(bob, await b.encrypt(ann, Buffer.from('pong')));
  }
  expect((await b.decrypt(ann, await a.encrypt(bob, Buffer.from('still here')))).toString()).toBe('still here');
  expect(a.chains(bob)).toBeLessThanOrEqual(26);
});
