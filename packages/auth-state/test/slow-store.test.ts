import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createKeyCache, repairCurve, repairLibsignal } from '../src/index.ts';
import { testBed } from './bed.ts';
import { range, receivedTexts, unreadable } from './busy-chat.ts';
import { createClient, link, reconnect } from './client.ts';
import { createPlainClient } from './plain-client.ts';

repairLibsignal();
repairCurve();

const bed = testBed();

const createPeople = () => bed.createPeople({ contact: '4950', phone: '4960' });

const patience = { timeout: 20_000 };
describe('what a slow store had not got through when its socket was cut', () => {
  /** Plain Baileys gets more messages at once than its store can take; it is cut while it works on them. */
  async function cutUnderWay(endsWithSocket: boolean) {
    const { contact, phone } = await createPeople();
    const client = createPlainClient(bed.simulator, { phone, latencyMs: 0, endsWithSocket });
    const first = client.connect();
    await expect.poll(() => first.qr, patience).toBeDefined();
    await bed.simulator.scanQr(first.qr ?? '', { phone });
    await expect.poll(() => first.closed, patience).toBe(true);
    const cut = client.connect();
    await expect.poll(() => cut.open, patience).toBe(true);
    const hello = await bed.simulator.contactSend(contact, phone, 'hello');
    await expect.poll(() => client.received.has(hello), patience).toBe(true);

    client.setLatency(20);
    const ids = await bed.simulator.contactSendAll(contact, phone, range(60, 'in'));
    await expect.poll(() => client.received.size, patience).toBeGreaterThan(3);
    await bed.simulator.fault('drop', { phone });
    await expect.poll(() => cut.closed, patience).toBe(true);
    // Until it stops by itself.
    for (let late = -1; late !== client.readTooLate.size; await sleep(1_000)) late = client.readTooLate.size;
    client.setLatency(0);
    const back = client.connect();
    // Until the server has nothing more for it, and it has told of all that it had not read before.
    const lost = () => ids.flatMap((id, index) => (client.received.has(id) ? [] : [`in ${index}`]));
    await expect
      .poll(async () => {
        const { connected, queued } = await bed.simulator.account(phone);
        return connected && queued === 0 && lost().every((text) => client.readTooLate.has(text));
      }, patience)
      .toBe(true);
    await back.sock.end(undefined);
    return { lost: lost(), readTooLate: [...client.readTooLate] };
  }

  test('is decrypted by plain Baileys all the same, which then tells nobody of it', async () => {
    const { lost, readTooLate } = await cutUnderWay(false);
    expect(readTooLate.length).toBeGreaterThanOrEqual(3);
    // It comes again, its key is used up, and Baileys tells the server not to send it any more.
    expect(lost.sort()).toEqual(readTooLate.sort());
  }, 90_000);

  test('is read when it comes again if the keys end with their socket', async () => {
    expect(await cutUnderWay(true)).toEqual({ lost: [], readTooLate: [] });
  }, 90_000);

  test('comes again here, without being asked for, and each message makes one event', async () => {
    const before = await unreadable(bed);
    const { contact, phone } = await createPeople();
    const client = createClient(bed.simulator, bed.redis, phone, 20, createKeyCache({ maxBytes: 1 }));
    const cut = await link(bed.simulator, client);
    await bed.simulator.contactSend(contact, phone, 'hello');
    await expect.poll(() => receivedTexts(client), patience).toEqual(['hello']);
    await bed.simulator.contactSendAll(contact, phone, range(100, 'in'));
    await expect.poll(() => receivedTexts(client).length, patience).toBeGreaterThan(3);
    await bed.simulator.fault('drop', { phone });
    await expect.poll(() => cut.closed, patience).toBe(true);
    await cut.close();
    const atCut = receivedTexts(client).length;
    const back = await reconnect(client);
    await expect.poll(() => receivedTexts(client).length, patience).toBe(101);
    expect(receivedTexts(client)).toEqual(['hello', ...range(100, 'in')]);
    expect(atCut).toBeLessThan(101);
    expect(await unreadable(bed)).toEqual(before);
    await back.close();
  }, 90_000);
});
