import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createParty, freshLibsignal, type TestLibsignal } from '../test/signal-party.ts';
import { libsignalOfBaileys, repairLibsignal } from './repair-libsignal.ts';

/**
 * What a cold device cache makes of two-way traffic, in five messages: a message of the old session arrives after a new
 * one was opened. Gives what the contact makes of the fifth.
 */
async function fifthMessage(libsignal: TestLibsignal): Promise<string> {
  const client = createParty(libsignal, 'client');
  const contact = createParty(libsignal, 'contact');
  await client.openSession(contact);
  await contact.decrypt(client, await client.encrypt(contact, 'one'));
  await client.decrypt(contact, await contact.encrypt(client, 'two'));
  const underWay = await contact.encrypt(client, 'three');
  await client.openSession(contact);
  await contact.decrypt(client, await client.encrypt(contact, 'four'));
  expect(await client.decrypt(contact, underWay)).toBe('three');
  return await contact.decrypt(client, await client.encrypt(contact, 'five'));
}

describe('a message of an old session', () => {
  test('leaves the new session alone', async () => {
    const libsignal = freshLibsignal();
    repairLibsignal(libsignal);
    expect(await fifthMessage(libsignal)).toBe('five');
  });

  test('ruins the new session in libsignal as it is installed', async () => {
    const outcome = await fifthMessage(freshLibsignal()).catch((error: Error) => error.message);
    expect(outcome, 'libsignal no longer needs this repair: delete repair-libsignal.ts').toMatch(/Bad MAC/);
  });
});

test('a forged message changes nothing', async () => {
  const libsignal = freshLibsignal();
  repairLibsignal(libsignal);
  const client = createParty(libsignal, 'client');
  const contact = createParty(libsignal, 'contact');
  await client.openSession(contact);
  await contact.decrypt(client, await client.encrypt(contact, 'one'));
  const reply = await contact.encrypt(client, 'two');
  const forged = { ...reply, body: Buffer.from(reply.body) };
  forged.body[forged.body.length - 1] = (forged.body.at(-1) ?? 0) ^ 1;
  await expect(client.decrypt(contact, forged)).rejects.toThrow();
  expect(await client.decrypt(contact, reply)).toBe('two');
  await expect(client.decrypt(contact, reply)).rejects.toThrow();
});

describe('two accounts that know the same contact', () => {
  async function contexts(libsignal: TestLibsignal): Promise<{ account: string; seen: Set<unknown> }[]> {
    const context = new AsyncLocalStorage<string>();
    const contact = createParty(libsignal, 'contact');
    const accounts = await Promise.all(
      ['first', 'second'].map(async (account) => {
        const party = createParty(libsignal, account);
        await party.openSession(contact);
        const seen = new Set<unknown>();
        const { loadSession, storeSession } = party.storage;
        party.storage.loadSession = async (id) => {
          seen.add(context.getStore());
          await new Promise((resolve) => setImmediate(resolve));
          return await loadSession(id);
        };
        party.storage.storeSession = async (id, record) => {
          seen.add(context.getStore());
          await storeSession(id, record);
        };
        return { account, party, seen };
      }),
    );
    await Promise.all(
      accounts.map(({ account, party }) =>
        context.run(account, async () => {
          await Promise.all([party.encrypt(contact, 'a'), party.openSession(contact), party.encrypt(contact, 'b')]);
        }),
      ),
    );
    return accounts.map(({ account, seen }) => ({ account, seen }));
  }

  test('never run in each other’s context', async () => {
    const libsignal = freshLibsignal();
    repairLibsignal(libsignal);
    for (const { account, seen } of await contexts(libsignal)) expect([...seen]).toEqual([account]);
  });

  test('do so in libsignal as it is installed', async () => {
    const [, second] = await contexts(freshLibsignal());
    expect([...(second?.seen ?? [])]).toContain('first');
  });
});

test('sessions print without their keys', async () => {
  const libsignal = freshLibsignal();
  repairLibsignal(libsignal);
  const client = createParty(libsignal, 'client');
  const contact = createParty(libsignal, 'contact');
  await client.openSession(contact);
  const record = await client.storage.loadSession(String(contact.address));
  expect(inspect(record)).not.toMatch(/privKey|rootKey/);
});

test('it is Baileys’ libsignal that is repaired, and once', () => {
  const prototype = libsignalOfBaileys().SessionCipher.prototype;
  const before = prototype.doDecryptWhisperMessage;
  repairLibsignal();
  const after = prototype.doDecryptWhisperMessage;
  repairLibsignal();
  expect(after).not.toBe(before);
  expect(prototype.doDecryptWhisperMessage).toBe(after);
});
