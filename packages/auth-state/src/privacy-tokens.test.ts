import { addTransactionCapability, type SignalDataSet, type SignalKeyStore } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../test/silent-logger.ts';
import { keepPrivacyTokens } from './privacy-tokens.ts';

/** Keys as Baileys makes them for a socket, over a store in memory. */
function keysOverMemory() {
  const stored = new Map<string, unknown>();
  const store: SignalKeyStore = {
    get: async (type, ids) => Object.fromEntries(ids.map((id) => [id, stored.get(`${type}:${id}`)])) as never,
    set: async (data: SignalDataSet) => {
      for (const [type, values] of Object.entries(data))
        for (const [id, value] of Object.entries(values)) stored.set(`${type}:${id}`, value);
    },
  };
  const keys = addTransactionCapability(store, silentLogger, { maxCommitRetries: 1, delayBetweenTriesMs: 0 });
  return { stored, keys };
}

/** What Baileys does when it sends: the answer about the token comes when the transaction is over. */
async function noteAfterwards(keys: ReturnType<typeof keysOverMemory>['keys']): Promise<void> {
  const answered = Promise.withResolvers<void>();
  let noted: Promise<unknown> = Promise.resolve();
  await keys.transaction(async () => {
    await keys.set({ session: { a: new Uint8Array([1]) } });
    noted = answered.promise.then(() => keys.set({ tctoken: { a: { token: Buffer.alloc(0), senderTimestamp: 5 } } }));
  }, 'me');
  answered.resolve();
  await noted;
}

describe('privacy tokens', () => {
  it('are lost by Baileys, which notes them in a transaction that is over, and kept by the repair', async () => {
    const bare = keysOverMemory();
    await noteAfterwards(bare.keys);
    expect([...bare.stored.keys()]).toEqual(['session:a']);

    const repaired = keysOverMemory();
    keepPrivacyTokens(repaired.keys);
    await noteAfterwards(repaired.keys);
    expect([...repaired.stored.keys()]).toEqual(['session:a', 'tctoken:a']);
    const read = await repaired.keys.transaction(async () => repaired.keys.get('tctoken', ['a']), 'me');
    expect(read.a?.senderTimestamp).toBe(5);
  });

  it('leave everything else of a transaction to its commit', async () => {
    const { keys, stored } = keysOverMemory();
    keepPrivacyTokens(keys);
    await expect(
      keys.transaction(async () => {
        await keys.set({ session: { a: new Uint8Array([1]) } });
        throw new Error('The work has failed');
      }, 'me'),
    ).rejects.toThrow('The work has failed');
    expect(stored.size).toBe(0);
  });
});
