import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { createKeyCache } from '../src/index.ts';
import { textOf } from './account.ts';
import type { Bed } from './bed.ts';
import { type Client, type Connection, createClient, link, reconnect } from './client.ts';

const patience = { timeout: 20_000 };

/** So many texts, numbered. */
export const range = (count: number, name: string) => Array.from({ length: count }, (_, index) => `${name} ${index}`);

/** What was stored of what came, in its order. */
export const receivedTexts = ({ store }: Client) =>
  store.commits.flatMap(({ inbound }) => inbound.map(({ plaintext }) => textOf(plaintext)));

/** What nobody could read, of all since the simulator's start. */
export async function unreadable(bed: Bed) {
  const { undecryptable, retryReceiptsFromClients } = await bed.simulator.counters();
  return { undecryptable, retryReceiptsFromClients };
}

/**
 * One chat at 20 out and 40 in per second, a store of 20 ms and no cache before it, cut for 5 s: everything must be readable
 * on both sides afterwards. What nobody can read is counted by the simulator for all its accounts, so that nothing else
 * may go on there.
 * @param fresh whether the client that comes back knows nothing but what was stored, as another worker would
 */
export async function busyChat(bed: Bed, { fresh }: { fresh: boolean }): Promise<void> {
  const before = await unreadable(bed);
  const { contact, contactJid, phone } = await bed.createPeople({ contact: '4950', phone: '4960' });
  const client = createClient(bed.simulator, bed.redis, phone, 20, createKeyCache({ maxBytes: 1 }));
  let connection: Connection | undefined = await link(bed.simulator, client);
  const seconds = 12;
  const sent: string[] = [];
  const outgoing = async () => {
    for (const text of range(seconds * 20, 'out')) {
      await sleep(50);
      if (!connection?.open) continue;
      // Cut while it was sent, it may or may not arrive: the lane of the worker would send it again.
      await connection.send(contactJid, text).then(
        () => sent.push(text),
        () => undefined,
      );
    }
  };
  const incoming = async () => {
    for (const text of range(seconds * 40, 'in')) {
      await sleep(25);
      await bed.simulator.contactSend(contact, phone, text);
    }
  };
  const cutting = async () => {
    await sleep(3_000);
    const cut = connection;
    await bed.simulator.fault('drop', { phone });
    await expect.poll(() => cut?.closed, patience).toBe(true);
    await cut?.close();
    connection = undefined;
    await sleep(5_000);
    connection = await reconnect(client, { fresh });
  };
  await Promise.all([outgoing(), incoming(), cutting()]);
  await expect.poll(() => receivedTexts(client).length, patience).toBe(seconds * 40);
  expect([...receivedTexts(client)].sort()).toEqual(range(seconds * 40, 'in').sort());
  const inbox = async () => (await bed.simulator.inbox(contact)).entries.length;
  await expect.poll(inbox, patience).toBeGreaterThanOrEqual(sent.length - 1);
  expect(await unreadable(bed)).toEqual(before);
  await connection?.close();
}
