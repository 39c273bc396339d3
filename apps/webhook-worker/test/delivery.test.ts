import { endpointKeys } from '@flotilla/contracts';
import { freePort } from '@flotilla/fleet';
import { eventually } from '@flotilla/testkit';
import { Webhook } from 'standardwebhooks';
import { describe, expect } from 'vitest';
import { sceneTest } from './scene.ts';

const seconds = (n: number) => ({ timeout: n * 1_000 });

describe('a delivery', () => {
  sceneTest('carries the event, signed as the specification wants it', seconds(20), async ({ scene }) => {
    const receiver = await scene.receiver();
    const { id, secret } = await scene.endpoint(receiver);
    scene.worker();
    await scene.emit('ins_a', 2);
    await eventually(() => receiver.accepted.length === 2);
    for (const [n, { body, headers, path }] of receiver.accepted.entries()) {
      const event = new Webhook(secret).verify(body, headers as Record<string, string>);
      expect(event).toEqual({
        id: `evt_a_${n + 1}`,
        type: 'qrcode.updated',
        instance: 'ins_a',
        sequence: n + 1,
        occurredAt: expect.any(Number),
        data: { qr: `q${n}`, expiresAt: 1 },
      });
      expect(path).toBe('/hook');
      expect(headers).toMatchObject({
        'webhook-id': `evt_a_${n + 1}`,
        'content-type': 'application/json',
        'user-agent': expect.stringMatching(/^Flotilla\/\d+\.\d+\.\d+$/),
      });
    }
    await eventually(async () => (await scene.states(id))[2] === 'delivered');
    const page = await scene.endpoints.listDeliveries('ten_a', id, { limit: 1 });
    expect(page?.items[0]).toMatchObject({
      id: 'evt_a_2',
      webhook: id,
      attempts: [{ status: 200, address: '127.0.0.1', response: 'answer 200', ms: expect.any(Number) }],
    });
  });

  sceneTest('is signed with the old and the new secret while they are exchanged', seconds(20), async ({ scene }) => {
    const receiver = await scene.receiver();
    const { id, secret } = await scene.endpoint(receiver);
    const rotated = await scene.endpoints.rotateSecret('ten_a', id);
    scene.worker();
    await scene.emit('ins_a');
    const [received] = await eventually(() => receiver.accepted.length === 1 && receiver.accepted);
    for (const known of [secret, rotated?.secret ?? '']) {
      expect(() =>
        new Webhook(known).verify(received?.body ?? '', received?.headers as Record<string, string>),
      ).not.toThrow();
    }
  });

  sceneTest('goes to whoever asked for it and to nobody else', seconds(20), async ({ scene }) => {
    const receiver = await scene.receiver();
    const at = (path: string) => ({ url: `${receiver.url}/${path}` });
    await scene.endpoint(at('all'));
    await scene.endpoint(at('type'), { events: ['qrcode.updated', 'messages.upsert'] });
    await scene.endpoint(at('other-type'), { events: ['messages.upsert'] });
    await scene.endpoint(at('instance'), { instances: ['ins_a'] });
    await scene.endpoint(at('other-instance'), { instances: ['ins_b'] });
    await scene.endpoint(at('other-tenant'), {}, 'ten_b');
    const off = await scene.endpoint(at('off'));
    await scene.endpoints.update('ten_a', off.id, { enabled: false });
    scene.worker();
    await scene.emit('ins_a');
    await eventually(() => receiver.accepted.length >= 3);
    await scene.idle();
    expect(receiver.accepted.map(({ path }) => path).toSorted()).toEqual(['/hook/all', '/hook/instance', '/hook/type']);
  });

  sceneTest('starts with the creation of the endpoint', seconds(20), async ({ scene }) => {
    const receiver = await scene.receiver();
    scene.worker();
    await scene.emit('ins_a');
    await scene.idle();
    await scene.endpoint(receiver);
    await scene.emit('ins_a');
    await eventually(() => receiver.accepted.length === 1);
    await scene.idle();
    expect(receiver.received.map(({ sequence }) => sequence)).toEqual([2]);
  });

  sceneTest('is made once, however often its event is relayed', seconds(20), async ({ scene }) => {
    const receiver = await scene.receiver();
    await scene.endpoint(receiver);
    scene.worker();
    await scene.emit('ins_a', 120);
    await eventually(() => receiver.accepted.length === 120);
    await scene.forgetRelayed('ins_a');
    await scene.emit('ins_a');
    await eventually(() => receiver.accepted.length === 121);
    await scene.idle();
    expect(receiver.received.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 121 }, (_, n) => n + 1));
  });

  sceneTest('keeps the order of its instance while half of all attempts fail', seconds(60), async ({ scene }) => {
    let turn = 0;
    const receiver = await scene.receiver(() => {
      turn += 1;
      return turn % 2 === 0 ? 500 : 200;
    });
    await scene.endpoint(receiver);
    // Two workers, as in a fleet; failures are spread over all instances.
    scene.worker({ schedule: Array(12).fill('50ms').join(',') });
    scene.worker({ schedule: Array(12).fill('50ms').join(',') });
    const instances = ['ins_a', 'ins_b', 'ins_c', 'ins_d'];
    for (let n = 0; n < 4; n += 1) for (const instance of instances) await scene.emit(instance, 2);
    await eventually(() => receiver.accepted.length >= 32, { timeoutMs: 40_000 });
    await scene.idle();
    for (const instance of instances) {
      const sequences = receiver.accepted.filter((each) => each.instance === instance).map((each) => each.sequence);
      expect(sequences).toEqual(Array.from({ length: 8 }, (_, n) => n + 1));
    }
  });
});

describe('a failed delivery', () => {
  sceneTest(
    'is tried again until it succeeds, with the same id and every attempt recorded',
    seconds(20),
    async ({ scene }) => {
      const receiver = await scene.receiver(() => (receiver.received.length < 3 ? 500 : 200));
      const { id } = await scene.endpoint(receiver);
      scene.worker();
      await scene.emit('ins_a', 2);
      await eventually(() => receiver.accepted.length === 2);
      expect(receiver.received.map((each) => each.id)).toEqual(['evt_a_1', 'evt_a_1', 'evt_a_1', 'evt_a_2']);
      const delivery = await eventually(async () => {
        const page = await scene.endpoints.listDeliveries('ten_a', id, { limit: 10, state: 'delivered' });
        return page?.items.find(({ sequence }) => sequence === 1);
      });
      expect(delivery.attempts).toMatchObject([
        { status: 500, error: 'status', response: 'answer 500' },
        { status: 500, error: 'status' },
        { status: 200 },
      ]);
    },
  );

  sceneTest(
    'becomes a dead letter when the schedule is exhausted, and can be redriven',
    seconds(30),
    async ({ scene }) => {
      const receiver = await scene.receiver(({ sequence }) => (sequence === 1 ? 500 : 200));
      const { id } = await scene.endpoint(receiver);
      const worker = scene.worker();
      await scene.emit('ins_a', 2);
      await eventually(() => receiver.accepted.length === 1);
      expect(receiver.received.map(({ sequence }) => sequence)).toEqual([1, 1, 1, 1, 2]);
      const page = await scene.endpoints.listDeadLetters('ten_a', { limit: 10 });
      expect(page?.items).toMatchObject([{ id: `${id}.evt_a_1`, webhook: id, eventId: 'evt_a_1', sequence: 1 }]);
      expect(page?.items[0]?.attempts).toHaveLength(4);
      expect(await worker.counted('flotilla_webhook_dead_letters_total')).toBe(1);

      // It gets a whole schedule anew: two more failures do not kill it.
      let left = 2;
      receiver.answer(() => {
        left -= 1;
        return left >= 0 ? 500 : 200;
      });
      expect(await scene.endpoints.redrive('ten_a', `${id}.evt_a_1`)).toBe(true);
      await eventually(() => receiver.accepted.length === 2);
      expect(receiver.accepted[1]?.headers['webhook-id']).toBe('evt_a_1');
      expect(await scene.endpoints.listDeadLetters('ten_a', { limit: 10 })).toEqual({ items: [] });
      await eventually(async () => (await scene.states(id))[1] === 'delivered');
    },
  );

  sceneTest('with 410 switches the endpoint off and waits for it to be switched on', seconds(20), async ({ scene }) => {
    const receiver = await scene.receiver(() => 410);
    const { id } = await scene.endpoint(receiver);
    scene.worker();
    await scene.emit('ins_a', 2);
    await eventually(async () => (await scene.endpoints.get('ten_a', id))?.enabled === false);
    await scene.idle();
    expect((await scene.endpoints.get('ten_a', id))?.disabledReason).toContain('410');
    expect(receiver.received).toHaveLength(1);

    receiver.answer(() => 200);
    await scene.endpoints.update('ten_a', id, { enabled: true });
    await eventually(() => receiver.accepted.length === 2);
    expect(receiver.accepted.map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  sceneTest('is what a redirect is: nobody follows it', seconds(20), async ({ scene }) => {
    const target = await scene.receiver();
    const receiver = await scene.receiver((_, response) => {
      response.writeHead(307, { location: target.url }).end();
      return undefined;
    });
    const { id } = await scene.endpoint(receiver);
    scene.worker({ schedule: '50ms' });
    await scene.emit('ins_a');
    await eventually(async () => (await scene.states(id))[1] === 'dead');
    expect(target.received).toEqual([]);
    const page = await scene.endpoints.listDeadLetters('ten_a', { limit: 1 });
    expect(page?.items[0]?.attempts).toMatchObject([{ status: 307 }, { status: 307 }]);
  });

  sceneTest('is what an internal address is, unless it is allowed', seconds(20), async ({ scene }) => {
    const receiver = await scene.receiver();
    const literal = await scene.endpoint(receiver);
    const name = await scene.endpoint({ url: receiver.url.replace('127.0.0.1', 'localhost') });
    scene.worker({ schedule: '50ms', allowCidrs: [] });
    await scene.emit('ins_a');
    for (const { id } of [literal, name]) {
      await eventually(async () => (await scene.states(id))[1] === 'dead');
      const page = await scene.endpoints.listDeliveries('ten_a', id, { limit: 1 });
      expect(page?.items[0]?.attempts).toMatchObject([{ error: 'address-refused' }, { error: 'address-refused' }]);
    }
    expect(receiver.received).toEqual([]);
  });

  sceneTest('says whether it was a timeout or no connection', seconds(20), async ({ scene }) => {
    const hanging = await scene.receiver(() => undefined);
    const slow = await scene.endpoint(hanging);
    const nobody = await scene.endpoint({ url: `http://127.0.0.1:${await freePort()}/` });
    scene.worker({ schedule: '50ms', timeoutMs: 300 });
    await scene.emit('ins_a');
    const lastAttempt = (id: string) =>
      eventually(async () => {
        const page = await scene.endpoints.listDeliveries('ten_a', id, { limit: 1, state: 'dead' });
        return page?.items[0]?.attempts.at(-1);
      });
    expect(await lastAttempt(slow.id)).toMatchObject({ error: 'timeout', address: '127.0.0.1' });
    expect(await lastAttempt(nobody.id)).toMatchObject({ error: 'connect', address: '127.0.0.1' });
  });
});

describe('a removed endpoint', () => {
  sceneTest('gets nothing more, and its turns end quietly', seconds(20), async ({ scene }) => {
    const receiver = await scene.receiver(() => 500);
    const { id } = await scene.endpoint(receiver);
    const worker = scene.worker({ schedule: '3s,3s' });
    await scene.emit('ins_a', 3);
    await eventually(async () => (await scene.states(id))[1] === 'retrying');
    expect(await scene.endpoints.remove('ten_a', id)).toBe(true);
    await scene.emit('ins_a');
    // A relay that read the endpoint just before it was removed still fills a mailbox.
    await scene.redis.rpush(endpointKeys.mailbox(id, 'ins_a'), '0:0:{}');
    await scene.redis.hset(endpointKeys.accepted(id), 'ins_a', 9);
    await scene.idle();
    expect(receiver.received).toHaveLength(1);
    expect(await scene.redis.exists(endpointKeys.mailbox(id, 'ins_a'), endpointKeys.accepted(id))).toBe(0);
    expect(await worker.counted('flotilla_webhook_attempts_total')).toBe(1);
    const { turns } = await scene.queues.counts();
    expect(turns?.failed).toBe(0);
  });
});
