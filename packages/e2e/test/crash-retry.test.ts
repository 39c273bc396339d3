import { type Contact, eventually } from '@flotilla/fleet';
import { beforeAll, describe, expect, it } from 'vitest';
import { DyingWorker } from './dying-worker.ts';
import { oneFleet } from './one-fleet.ts';

/** How long a contact takes to notice that it cannot read a message, and to ask for it again (ms). */
const asksAfterMs = 2_500;

const running = oneFleet({ workers: 0 });
let worker: DyingWorker;
let instance: Awaited<ReturnType<typeof running.tenant.pairedInstance>>;

beforeAll(async () => {
  worker = await DyingWorker.of(running.fleet);
  await worker.start();
  instance = await running.tenant.pairedInstance(running.fleet.simulator);
});

const call = (path: string, body: object) => running.fleet.simulator.call<Contact>('POST', `/contacts${path}`, body);
const shownTo = async ({ phone }: Contact, text: string) =>
  (await running.fleet.simulator.inbox(phone)).entries.filter((entry) => entry.text === text);
const say = (to: string, text: string) => running.tenant.sendText(instance.id, to, text, { waitSeconds: 25 });

/** A contact that knows the instance and reads what it writes. */
async function acquaintance(): Promise<Contact> {
  const contact = await running.fleet.simulator.createContact({ autoReceipt: false });
  await say(contact.phone, 'hello');
  await eventually(async () => (await shownTo(contact, 'hello')).length === 1);
  return contact;
}

/** Waits until a contact is shown a text, and makes sure that it is shown once. */
async function expectShownOnce(contact: Contact, text: string, messageId: string): Promise<void> {
  await eventually(async () => (await shownTo(contact, text)).length > 0, {
    timeoutMs: 30_000,
    message: 'It is shown in the end',
  });
  expect((await shownTo(contact, text)).map(({ id }) => id)).toEqual([messageId]);
}

describe('a message that its recipient cannot read', () => {
  it('is sent again by the next worker, if the one that sent it died before it was asked for', async () => {
    const contact = await acquaintance();
    await call('', { phone: contact.phone, reactionMs: asksAfterMs });
    await running.fleet.simulator.contacts.forgetSessions(contact.phone);
    const { messageId, status } = await say(contact.phone, 'unreadable at first');
    expect(status).toBe('acked');
    // Nothing of it is in the memory of the next one.
    await worker.startWith(running.tenant, instance.id);
    await expectShownOnce(contact, 'unreadable at first', messageId);
    expect((await running.fleet.simulator.message(messageId)).map(({ resends }) => resends)).toEqual([1]);
  });

  it('is sent again by the next worker, if the one that was asked for it died', async () => {
    await worker.startWith(running.tenant, instance.id, 'crash-before-resend');
    const contact = await acquaintance();
    await running.fleet.simulator.contacts.forgetSessions(contact.phone);
    const { messageId } = await running.tenant.sendText(instance.id, contact.phone, 'asked for');
    await worker.dies();
    await worker.start();
    await expectShownOnce(contact, 'asked for', messageId);
  });

  it('is sent again by the next worker in a group, too', async () => {
    const { fleet } = running;
    await worker.startWith(running.tenant, instance.id);
    const [contact, other] = await Promise.all([acquaintance(), acquaintance()]);
    const { id: group } = await fleet.simulator.groups.create({
      by: other.phone,
      subject: 'Crew',
      members: [instance.linked.phone, contact.phone],
    });
    const first = await say(group, 'hello all');
    await expectShownOnce(contact, 'hello all', first.messageId);
    await call('', { phone: contact.phone, reactionMs: asksAfterMs });
    await call(`/${contact.phone}/forget-sender-keys`, { group });
    const { messageId } = await say(group, 'unreadable to one of you');
    await worker.startWith(running.tenant, instance.id);
    await expectShownOnce(contact, 'unreadable to one of you', messageId);
    await expectShownOnce(other, 'unreadable to one of you', messageId);
  });

  it('is sent again but a few times', async () => {
    const contact = await acquaintance();
    await running.fleet.simulator.contacts.forgetSessions(contact.phone);
    const { messageId } = await say(contact.phone, 'never readable');
    // Asks again although it has it: what is asked of us is not for us to judge, how often is.
    await call(`/${contact.phone}/ask-again`, { to: instance.linked.phone, id: messageId, times: 12 });
    await say(contact.phone, 'behind all that');
    await expectShownOnce(contact, 'behind all that', (await shownTo(contact, 'behind all that'))[0]?.id ?? '');
    const [record] = await running.fleet.simulator.message(messageId);
    expect(record?.resends).toBeGreaterThan(0);
    expect(record?.resends).toBeLessThanOrEqual(5);
  });
});
