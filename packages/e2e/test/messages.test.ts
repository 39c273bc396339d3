import { eventually } from '@flotilla/fleet';
import { beforeAll, describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';

interface MessageEvent {
  id: string;
  instance: string;
  type: string;
  data: {
    id?: string;
    status?: string;
    type?: string;
    error?: { code: string };
    message?: { id: string; text?: string; sender: Record<string, string> };
  };
}

describe('messages', () => {
  const running = oneFleet();
  beforeAll(() => running.fleet.addWebhook(running.tenant));
  const events = () => running.fleet.receiver.events as MessageEvent[];
  const statusesOf = (messageId: string) =>
    events()
      .filter(({ data }) => data.id === messageId)
      .map(({ data }) => data.status);
  const received = (text: string) =>
    events().filter(({ type, data }) => type === 'messages.upsert' && data.message?.text === text);

  it('go out, are answered, and every step arrives at the webhook', async () => {
    const { fleet, tenant } = running;
    const { id } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact({ name: 'Ann', echo: true, autoRead: true });
    const sent = await tenant.sendText(id, `+${ann.phone}`, 'hello');
    expect(sent).toMatchObject({ status: 'queued', to: `${ann.phone}@s.whatsapp.net` });
    const message = await tenant.waitMessage(id, sent.messageId, 'read');
    expect(message.history.map(({ status }) => status)).toEqual(['queued', 'sending', 'acked', 'delivered', 'read']);
    expect((await fleet.simulator.inbox(ann.phone)).entries).toMatchObject([
      { id: sent.messageId, text: 'hello', decryptions: 1 },
    ]);

    const [reply] = await eventually(() => {
      const found = received('echo: hello');
      return found.length > 0 && found;
    });
    expect(reply?.data).toMatchObject({
      type: 'notify',
      message: { sender: { phone: ann.phone, lid: `${ann.lid}@lid`, pushName: 'Ann' } },
    });
    await eventually(() => statusesOf(sent.messageId).includes('read'));
    expect(statusesOf(sent.messageId)).toEqual(['acked', 'delivered', 'read']);
  });

  it('reach contacts that WhatsApp addresses by LID, and come from them', async () => {
    const { fleet, tenant } = running;
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    const ben = await fleet.simulator.createContact({ addressing: 'lid' });
    await fleet.simulator.contactSend(ben.phone, linked.phone, 'by lid');
    const [event] = await eventually(() => {
      const found = received('by lid');
      return found.length > 0 && found;
    });
    expect(event?.data.message?.sender).toMatchObject({ phone: ben.phone, lid: `${ben.lid}@lid` });
    const sent = await tenant.sendText(id, `${ben.lid}@lid`, 'back', { waitSeconds: 10 });
    expect(['acked', 'delivered']).toContain(sent.status);
    await eventually(async () => (await fleet.simulator.inbox(ben.phone)).entries.some(({ text }) => text === 'back'));
  });

  it('of somebody new arrive in the order in which they were written', async () => {
    const { fleet, tenant } = running;
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    const texts = Array.from({ length: 10 }, (_, n) => `in order ${n}`);
    const people = await Promise.all(Array.from({ length: 8 }, () => fleet.simulator.createContact()));
    await Promise.all(people.map(({ phone }) => fleet.simulator.contactSendAll(phone, linked.phone, texts)));
    const ofInstance = () =>
      events().flatMap(({ instance, type, data: { message } }) =>
        instance === id && type === 'messages.upsert' && message ? [message] : [],
      );
    await eventually(() => ofInstance().length === people.length * texts.length);
    for (const { phone } of people)
      expect(ofInstance().flatMap(({ sender, text }) => (sender.phone === phone ? [text] : []))).toEqual(texts);
  });

  it('between two instances of the fleet arrive on both sides', async () => {
    const { fleet, tenant } = running;
    const one = await tenant.pairedInstance(fleet.simulator);
    const two = await tenant.pairedInstance(fleet.simulator);
    await tenant.sendText(one.id, two.linked.phone, 'from one to two');
    await eventually(() => received('from one to two').some(({ instance }) => instance === two.id));
  });

  it('wait for the acknowledgement if asked to, and answer with the honest status', async () => {
    const { fleet, tenant } = running;
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact({ autoReceipt: false });
    const send = (text: string, seconds: number) =>
      tenant.request<{ messageId: string; status: string }>('POST', `/v1/instances/${id}/messages/text`, {
        body: { to: ann.phone, text },
        headers: { prefer: `wait=${seconds}` },
      });
    const quick = await send('now', 10);
    expect([quick.status, quick.body.status]).toEqual([200, 'acked']);
    await fleet.simulator.fault('drop-acks', { phone: linked.phone, count: 1 });
    const slow = await send('later', 2);
    expect([slow.status, slow.body.status]).toEqual([202, 'sending']);
    // The server never acknowledged it: the same id goes out again, and the contact sees it once.
    await tenant.waitMessage(id, slow.body.messageId, 'acked', { timeoutMs: 60_000 });
    expect((await fleet.simulator.inbox(ann.phone)).entries.map(({ text }) => text)).toEqual(['now', 'later']);
  });

  it('count as sent when the recipient confirms them, even if the server forgets to', async () => {
    const { fleet, tenant } = running;
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact();
    await fleet.simulator.fault('drop-acks', { phone: linked.phone, count: 1 });
    const first = await tenant.sendText(id, ann.phone, 'confirmed', { waitSeconds: 10 });
    expect(['acked', 'delivered']).toContain(first.status);
    await tenant.waitMessage(id, first.messageId, 'delivered');
    expect((await tenant.sendText(id, ann.phone, 'next', { waitSeconds: 10 })).status).not.toBe('queued');
  });

  it('are sent once for each idempotency key, however often the request is repeated', async () => {
    const { fleet, tenant } = running;
    const { id } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => tenant.sendText(id, ann.phone, 'just once', { idempotencyKey: 'order-1' })),
    );
    expect(new Set(answers.map(({ messageId }) => messageId)).size).toBe(1);
    await tenant.waitMessage(id, answers[0]?.messageId ?? '', 'delivered');
    await tenant.sendText(id, ann.phone, 'just once', { idempotencyKey: 'order-1' });
    await tenant.sendText(id, ann.phone, 'the end', { waitSeconds: 10 });
    expect((await fleet.simulator.inbox(ann.phone)).entries.map(({ text }) => text)).toEqual(['just once', 'the end']);
    const other = await tenant.request<{ code: string }>('POST', `/v1/instances/${id}/messages/text`, {
      body: { to: ann.phone, text: 'something else' },
      headers: { 'idempotency-key': 'order-1' },
    });
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  it('to a number that is not on WhatsApp fail with the reason', async () => {
    const { fleet, tenant } = running;
    const { id } = await tenant.pairedInstance(fleet.simulator);
    const { messageId } = await tenant.sendText(id, '+14155550199', 'anybody?');
    const failed = await tenant.waitMessage(id, messageId, 'failed');
    expect(failed.error).toMatchObject({ code: 'not-on-whatsapp' });
    await eventually(() => statusesOf(messageId).includes('failed'));
  });

  it('that WhatsApp refuses fail at once and are not tried again', async () => {
    const { fleet, tenant } = running;
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact();
    await fleet.simulator.fault('refuse-messages', { phone: linked.phone, code: '463', count: 1 });
    const { messageId } = await tenant.sendText(id, ann.phone, 'cold');
    const failed = await tenant.waitMessage(id, messageId, 'failed');
    expect(failed.error).toMatchObject({ code: 'refused', whatsappCode: 463 });
    expect(['acked', 'delivered']).toContain(
      (await tenant.sendText(id, ann.phone, 'next', { waitSeconds: 10 })).status,
    );
  });

  it('are accepted while the instance is offline, and go out in order when it is back', async () => {
    const { fleet, tenant } = running;
    const { id } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact();
    await tenant.request('POST', `/v1/instances/${id}/stop`);
    await tenant.waitState(id, 'closed', { reason: 'stopped' });
    for (const text of ['a', 'b', 'c']) expect((await tenant.sendText(id, ann.phone, text)).status).toBe('queued');
    await tenant.connect(id);
    await eventually(async () => (await fleet.simulator.inbox(ann.phone)).entries.length === 3);
    expect((await fleet.simulator.inbox(ann.phone)).entries.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
  });

  it('that could not go out in time fail with an event', async () => {
    const { fleet, tenant } = running;
    const { id } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact();
    await tenant.request('POST', `/v1/instances/${id}/stop`);
    await tenant.waitState(id, 'closed', { reason: 'stopped' });
    const { messageId } = await tenant.sendText(id, ann.phone, 'urgent', { ttl: 2 });
    const patient = await tenant.sendText(id, ann.phone, 'patient');
    const failed = await tenant.waitMessage(id, messageId, 'failed');
    expect(failed.error).toMatchObject({ code: 'expired' });
    await eventually(() => statusesOf(messageId).includes('failed'));
    await tenant.connect(id);
    await tenant.waitMessage(id, patient.messageId, 'acked');
    expect((await fleet.simulator.inbox(ann.phone)).entries.map(({ text }) => text)).toEqual(['patient']);
  });

  it('that came while the instance was offline arrive when it is back, marked as such', async () => {
    const { fleet, tenant } = running;
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    const ann = await fleet.simulator.createContact();
    await tenant.request('POST', `/v1/instances/${id}/stop`);
    await tenant.waitState(id, 'closed', { reason: 'stopped' });
    await fleet.simulator.contactSendAll(ann.phone, linked.phone, ['late 1', 'late 2']);
    await tenant.connect(id);
    const late = await eventually(() => {
      const found = [...received('late 1'), ...received('late 2')];
      return found.length === 2 && found;
    });
    expect(late.map(({ data }) => data.type)).toEqual(['append', 'append']);
  });
});
