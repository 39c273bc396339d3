import type { FlotillaEvent } from '@flotilla/contracts';
import { type Contact, eventually, type LinkedPhone } from '@flotilla/fleet';
import { beforeAll, describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';

/** So many messages that nobody can read come at once. */
const floodSize = 400;
/** What a flood may cost a worker (bytes). */
const toleratedBytes = 200 * 1024 * 1024;
/** What others may notice of it, at most (ms). */
const undisturbedMs = 15_000;

const running = oneFleet({ gateways: 1 });
let flooded: { id: string; linked: LinkedPhone };
let other: { id: string; linked: LinkedPhone };
let contact: Contact;

beforeAll(async () => {
  const { fleet, tenant } = running;
  await fleet.addWebhook(tenant);
  [flooded, other] = await Promise.all([
    tenant.pairedInstance(fleet.simulator),
    tenant.pairedInstance(fleet.simulator),
  ]);
  contact = await fleet.simulator.createContact();
});

/** The event of a message that came in, as the receiver got it. */
const arrived = (messageId: string) =>
  eventually(
    () =>
      (running.fleet.receiver.events as FlotillaEvent[]).find(
        (event) => event.type === 'messages.upsert' && event.data.message.id === messageId,
      ),
    { timeoutMs: 45_000, message: 'The message has arrived' },
  );

/** Memory of the only worker (bytes). */
async function workerBytes(): Promise<number> {
  const [worker] = running.fleet.workers;
  const metrics = await (await fetch(`${worker?.url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes\S* (\S+)$/m.exec(metrics)?.[1]);
}

describe('a flood of messages that nobody can read', () => {
  it('neither stops its account, nor slows others, nor fills the memory', async () => {
    const { fleet, tenant } = running;
    const before = await workerBytes();
    const { phone } = await fleet.simulator.createContact();
    await fleet.simulator.call('POST', `/contacts/${phone}/send-unreadable`, {
      to: flooded.linked.phone,
      count: floodSize,
    });
    const readable = await fleet.simulator.contactSend(contact.phone, flooded.linked.phone, 'readable');
    const began = performance.now();
    await tenant.sendText(other.id, contact.phone, 'beside the flood', { waitSeconds: 20 });
    await arrived(await fleet.simulator.contactSend(contact.phone, other.linked.phone, 'beside the flood'));
    expect(performance.now() - began).toBeLessThan(undisturbedMs);

    await arrived(readable);
    expect((await tenant.sendText(flooded.id, contact.phone, 'behind the flood', { waitSeconds: 25 })).status).not.toBe(
      'queued',
    );
    expect((await workerBytes()) - before).toBeLessThan(toleratedBytes);
    const { retryReceiptsFromClients } = await fleet.simulator.counters();
    expect(retryReceiptsFromClients).toBeLessThanOrEqual(2 * floodSize);
  });
});

describe('what is too large', () => {
  it('is refused by the gateway, and what comes next is taken', async () => {
    const { tenant } = running;
    const path = `/v1/instances/${flooded.id}/messages/text`;
    const send = (text: string) =>
      tenant.request<{ code: string }>('POST', path, { body: { to: contact.phone, text } });
    expect((await send('x'.repeat(2_000_000))).status).toBe(413);
    expect((await send('x'.repeat(100_000))).status).toBe(400);
    expect((await send('of a decent size')).status).toBe(202);
  });

  it('comes in whole, is posted whole, and holds up nothing', async () => {
    const { fleet } = running;
    const text = 'long '.repeat(200_000);
    const large = await fleet.simulator.contactSend(contact.phone, flooded.linked.phone, text);
    const next = await fleet.simulator.contactSend(contact.phone, flooded.linked.phone, 'and a short one');
    const event = await arrived(large);
    expect(event.type === 'messages.upsert' && event.data.message.text?.length).toBe(text.length);
    await arrived(next);
    expect(await running.tenant.deadLetters()).toEqual([]);
  });
});
