import { type EventMessage, endpointKeys, type FormatName, instanceKeys, tenantKeys } from '@flotilla/contracts';
import { eventually } from '@flotilla/testkit';
import { Webhook } from 'standardwebhooks';
import { describe, expect } from 'vitest';
import { sceneTest } from './scene.ts';

const seconds = (n: number) => ({ timeout: n * 1_000 });

const message = (change: Partial<EventMessage> = {}) => ({
  type: 'messages.upsert' as const,
  data: {
    type: 'notify' as const,
    message: {
      id: 'A1',
      chat: '56912345678@s.whatsapp.net',
      fromMe: false,
      sender: { jid: '56912345678@s.whatsapp.net', phone: '56912345678' },
      timestamp: 1_705_314_600_000,
      kind: 'text' as const,
      text: 'Hola',
      ...change,
    },
  },
});

describe('an endpoint with a format', () => {
  sceneTest('gets its bodies, signed as they are posted, at its paths', seconds(20), async ({ scene }) => {
    const receiver = await scene.receiver();
    const { id, secret, format } = await scene.endpoint(
      { url: receiver.url.replace('/hook', '/backend/?site=1') },
      { format: 'qr-service' },
    );
    expect(format).toBe('qr-service');
    const instance = await scene.instance('loja', { chatbotId: 'c1' });
    scene.worker();
    await scene.happen(instance, message());
    await scene.emit(instance);
    await eventually(() => receiver.accepted.length === 2);
    const [incoming, qr] = receiver.accepted;
    expect(incoming?.path).toBe('/backend/whatsapp-qr/incoming?site=1');
    expect(new Webhook(secret).verify(incoming?.body ?? '', incoming?.headers as Record<string, string>)).toEqual({
      sessionId: 'loja',
      from: '56912345678',
      message: 'Hola',
      timestamp: '2024-01-15T10:30:00Z',
      messageId: 'A1',
      chatbotId: 'c1',
    });
    expect(incoming?.headers['webhook-id']).toBe(`evt_${instance.replace('ins_', '')}_1`);
    expect(qr?.path).toBe('/backend/whatsapp-qr/webhook?site=1');
    const picture = (JSON.parse(qr?.body ?? '{}') as { data: { qrCode: string } }).data.qrCode;
    const bytes = Buffer.from(picture.replace(/^data:image\/png;base64,/, ''), 'base64');
    expect(bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
    expect(await scene.states(id)).toEqual({ 1: 'delivered', 2: 'delivered' });
  });

  sceneTest('never sees what its format does not know', seconds(20), async ({ scene }) => {
    const receiver = await scene.receiver();
    const { id } = await scene.endpoint(receiver, { format: 'luna' });
    const instance = await scene.instance('quiet');
    await scene.happen(instance, { type: 'chats.delete', data: { jids: ['1@lid'] } });
    scene.worker();
    await scene.idle();
    expect(await scene.redis.exists(endpointKeys.mailbox(id, instance))).toBe(0);
    expect(receiver.received).toEqual([]);
  });

  sceneTest('has what has no counterpart settled without a request, and goes on', seconds(20), async ({ scene }) => {
    const receiver = await scene.receiver();
    const { id } = await scene.endpoint(receiver, { format: 'qr-service' });
    const instance = await scene.instance('groups');
    for (let n = 0; n < 30; n += 1) await scene.happen(instance, message({ chat: '120@g.us' }));
    await scene.happen(instance, message());
    const worker = scene.worker();
    await eventually(() => receiver.accepted.length === 1);
    await scene.idle();
    expect(receiver.received).toHaveLength(1);
    // Nothing of the others is left: no delivery, no dead letter, no place in flight.
    expect(await scene.states(id)).toEqual({ 31: 'delivered' });
    expect(await worker.counted('flotilla_webhook_dead_letters_total')).toBe(0);
    expect(await scene.redis.zcard(endpointKeys.inFlight(id))).toBe(0);
    expect(await scene.redis.llen(endpointKeys.mailbox(id, instance))).toBe(0);
  });

  sceneTest('gets what waited in the format that it has when it is posted', seconds(20), async ({ scene }) => {
    const receiver = await scene.receiver(() => 500);
    const { id } = await scene.endpoint(receiver);
    const instance = await scene.instance('moved');
    scene.worker({ schedule: Array(20).fill('300ms').join(',') });
    await scene.happen(instance, message());
    await eventually(() => receiver.received.length > 0);
    await scene.endpoints.update('ten_a', id, { format: 'multi-instance' });
    receiver.answer(({ body }) => (body.includes('message.received') ? 200 : 500));
    const [accepted] = await eventually(() => receiver.accepted.length > 0 && receiver.accepted);
    expect(JSON.parse(accepted?.body ?? '{}')).toMatchObject({ event: 'message.received', instanceId: 'moved' });
  });

  sceneTest(
    'sees a new alias within seconds, and the last one of a deleted instance',
    seconds(30),
    async ({ scene }) => {
      const receiver = await scene.receiver();
      await scene.endpoint(receiver, { format: 'wwebjs' });
      const instance = await scene.instance('before');
      const name = () => (JSON.parse(receiver.accepted.at(-1)?.body ?? '{}') as { sessionId?: string }).sessionId;
      scene.worker();
      await scene.happen(instance, message());
      await eventually(() => name() === 'before');
      await scene.redis.hset(instanceKeys.record(instance), 'alias', 'after');
      await eventually(
        async () => {
          await scene.happen(instance, message());
          return name() === 'after';
        },
        { timeoutMs: 10_000, intervalMs: 500 },
      );
      const before = receiver.accepted.length;
      await scene.redis.del(instanceKeys.record(instance));
      await scene.happen(instance, { type: 'connection.update', data: { state: 'closed', reason: 'logged-out' } });
      await eventually(() => receiver.accepted.slice(before).some(({ body }) => body.includes('LOGOUT')));
      expect(name()).toBe('after');
    },
  );

  sceneTest('learns nothing of an instance of another tenant', seconds(20), async ({ scene }) => {
    const receiver = await scene.receiver();
    await scene.endpoint(receiver, { format: 'wwebjs' });
    const others = await scene.instance('secret-name', {}, 'ten_b');
    scene.worker();
    // A job that lies about the owner.
    await scene.happen(others, message());
    const [accepted] = await eventually(() => receiver.accepted.length > 0 && receiver.accepted);
    expect(accepted?.body).not.toContain('secret-name');
    expect(accepted?.body).toContain(others);
  });

  sceneTest(
    'whose event cannot be formatted gets a dead letter of it, and the next one',
    seconds(20),
    async ({ scene }) => {
      const receiver = await scene.receiver();
      const { id } = await scene.endpoint(receiver, { format: 'multi-instance' });
      const instance = await scene.instance('odd');
      // What no event is: a message without a chat.
      await scene.happen(instance, message({ chat: undefined as unknown as string }));
      await scene.happen(instance, message());
      scene.worker();
      await eventually(() => receiver.accepted.length === 1);
      const page = await scene.endpoints.listDeadLetters('ten_a', { limit: 10, webhook: id });
      expect(page?.items).toMatchObject([{ sequence: 1, attempts: [] }]);
    },
  );

  sceneTest('that was created before there were formats gets events as they are', seconds(20), async ({ scene }) => {
    const receiver = await scene.receiver();
    const { id } = await scene.endpoint(receiver);
    const { format: _, ...old } = JSON.parse((await scene.redis.hget(tenantKeys.endpoints('ten_a'), id)) ?? '{}') as {
      format: FormatName;
    };
    await scene.redis.hset(tenantKeys.endpoints('ten_a'), id, JSON.stringify(old));
    expect((await scene.endpoints.get('ten_a', id))?.format).toBe('native');
    scene.worker();
    await scene.emit('ins_a');
    await eventually(() => receiver.accepted.length === 1);
    expect(receiver.accepted[0]?.id).toBe('evt_a_1');
  });
});
