import type { FlotillaEvent } from '@flotilla/contracts';
import { ApiClient, type Contact, eventually, type LinkedPhone } from '@flotilla/fleet';
import { connectRedis } from '@flotilla/redis';
import { beforeAll, describe, expect, it } from 'vitest';
import { DyingWorker } from './dying-worker.ts';
import { oneFleet } from './one-fleet.ts';

const running = oneFleet({ workers: 0 });
let worker: DyingWorker;
let id: string;
let linked: LinkedPhone;
/** Confirms nothing: a receipt that waits for the next worker would tell it that nothing has to be sent again. */
let silent: Contact;
let confirming: Contact;

beforeAll(async () => {
  const { fleet, tenant } = running;
  await fleet.addWebhook(tenant);
  worker = await DyingWorker.of(fleet);
  await worker.start();
  ({ id, linked } = await tenant.pairedInstance(fleet.simulator));
  silent = await fleet.simulator.createContact({ autoReceipt: false });
  confirming = await fleet.simulator.createContact();
});

const events = () => running.fleet.receiver.events as FlotillaEvent[];
const isAbout = (messageId: string) => (event: FlotillaEvent) =>
  event.type === 'messages.update'
    ? event.data.id === messageId
    : event.type === 'messages.upsert' && event.data.message.id === messageId;
/** Ids of the events that tell of a message. */
const toldOf = (messageId: string) => events().filter(isAbout(messageId));
/** The statuses that the tenant was told of a message, in order. */
const statusesOf = (messageId: string) =>
  toldOf(messageId).flatMap((event) => (event.type === 'messages.update' ? [event.data.status] : []));

const textsOf = async ({ phone }: Contact) =>
  (await running.fleet.simulator.inbox(phone)).entries.map(({ text }) => text);

/** Waits until something is as expected. */
const eventuallyEqual = <T>(look: () => T, expected: T) =>
  eventually(
    () => {
      expect(look()).toEqual(expected);
      return true;
    },
    { timeoutMs: 30_000 },
  );

/** Nothing hangs: one more message goes through, and no queue holds anything. */
async function expectNothingStuck(instance = id): Promise<void> {
  const { fleet, tenant } = running;
  const { status } = await tenant.sendText(instance, confirming.phone, 'still there', { waitSeconds: 25 });
  expect(status).not.toBe('queued');
  const redis = connectRedis(fleet.redis.url, { name: 'test', manner: 'patient' });
  try {
    await eventually(
      async () => {
        const lists = await redis.keys(`fl:{${instance}}:*`);
        const left = lists.filter((key) => /:(commands|requests|control):(active|wait)$/.test(key));
        expect(left).toEqual([]);
        expect(await redis.zscore('fl:pending', instance)).toBeNull();
        return true;
      },
      { timeoutMs: 10_000, message: 'Nothing waits or is in hand' },
    );
  } finally {
    redis.disconnect();
  }
}

describe('a worker that dies', () => {
  it.each([
    ['when a message is journalled and has not left', 'crash-before-send', 0],
    ['when a ciphertext is stored and its stanza has not left', 'crash-between-encryption-and-write', 0],
    ['when a message has left', 'crash-between-write-and-ack', 1],
    ['when the server has acknowledged a message', 'crash-after-ack-before-commit', 1],
  ])('%s has it shown once, before the next one', async (_when, point, arrivals) => {
    const { fleet, tenant } = running;
    const before = (await textsOf(silent)).length;
    await worker.startWith(tenant, id, point);
    const sent = await Promise.all([1, 2].map((n) => tenant.sendText(id, silent.phone, `${point} ${n}`)));
    await worker.dies();
    await eventually(async () => (await textsOf(silent)).length >= before + arrivals);

    await worker.start();
    for (const { messageId } of sent) await tenant.waitMessage(id, messageId, 'acked');
    const shown = (await textsOf(silent)).slice(before);
    const order = sent.map((_, n) => `${point} ${n + 1}`);
    expect(shown.toSorted()).toEqual(order);
    const expected = sent.map(({ messageId }) => messageId);
    const ids = (await fleet.simulator.inbox(silent.phone)).entries.slice(before).map((entry) => entry.id);
    expect(ids.toSorted()).toEqual(expected.toSorted());
    await eventuallyEqual(() => expected.map(statusesOf), [['acked'], ['acked']]);
    await expectNothingStuck();
  });

  it.each([
    ['when a message is decrypted and not stored', 'crash-between-decrypt-and-commit'],
    ['when a message is stored and WhatsApp has no receipt of it', 'crash-between-commit-and-receipt'],
    ["when a message's event is stored and nobody was told to relay it", 'crash-between-event-and-nudge'],
  ])('%s has told of it once', async (_when, point) => {
    const { fleet, tenant } = running;
    await worker.startWith(tenant, id, point);
    const first = await fleet.simulator.contactSend(confirming.phone, linked.phone, `${point} 1`);
    await worker.dies();
    const second = await fleet.simulator.contactSend(confirming.phone, linked.phone, `${point} 2`);

    await worker.start();
    await eventuallyEqual(() => [first, second].map((each) => toldOf(each).length), [1, 1]);
    await expectNothingStuck();
    expect([first, second].map((each) => toldOf(each).length)).toEqual([1, 1]);
  });

  it('when a receipt is stored and WhatsApp does not know it has told of it once', async () => {
    const { tenant } = running;
    await worker.startWith(tenant, id, 'crash-between-receipt-and-ack');
    const { messageId } = await tenant.sendText(id, confirming.phone, 'receipt');
    await worker.dies();

    await worker.start();
    await tenant.waitMessage(id, messageId, 'delivered');
    await expectNothingStuck();
    await eventuallyEqual(() => statusesOf(messageId).filter((status) => status === 'delivered'), ['delivered']);
  });

  it('before a receipt is stored loses it if WhatsApp was told first that it has arrived', async () => {
    const { tenant } = running;
    const receipts = async (...points: string[]) => {
      await worker.startWith(tenant, id, 'crash-between-receipt-and-ack', ...points);
      const { messageId } = await tenant.sendText(id, confirming.phone, 'receipt of a receipt');
      await worker.dies();
      await worker.startWith(tenant, id);
      const later = await tenant.sendText(id, confirming.phone, 'later');
      await tenant.waitMessage(id, later.messageId, 'delivered');
      return (await tenant.message(id, messageId)).history.map(({ status }) => status);
    };
    expect(await receipts()).toContain('delivered');
    expect(await receipts('guard-off-receipts-first')).not.toContain('delivered');
  });
});

describe('a worker that dies', () => {
  it('when a phone has linked the device leaves it linked', async () => {
    const { fleet, tenant } = running;
    await worker.start('crash-in-pairing');
    const instance = await tenant.createInstance({ name: 'Pairing' });
    await tenant.connect(instance.id);
    const { qr } = await tenant.qr(instance.id);
    await fleet.simulator.scanQr(qr, {});
    await worker.dies();
    await worker.start();
    await worker.opens(tenant, instance.id);
    await expectNothingStuck(instance.id);
  });

  it('when WhatsApp has removed the device has it logged out, and it can be linked anew', async () => {
    const { fleet, tenant } = running;
    await worker.start('crash-in-logout');
    const instance = await tenant.pairedInstance(fleet.simulator);
    await tenant.logout(instance.id);
    await worker.dies();
    await worker.start();
    await tenant.waitState(instance.id, 'closed', { reason: 'logged-out' });
    await tenant.pair(instance.id, fleet.simulator);
    await expectNothingStuck(instance.id);
  });

  it('when most of an instance is deleted leaves the rest to the next one', async () => {
    const { fleet, tenant } = running;
    await worker.start('crash-in-removal');
    const instance = await tenant.pairedInstance(fleet.simulator);
    await tenant.call('DELETE', `/v1/instances/${instance.id}`);
    await worker.dies();
    await worker.start();
    const redis = connectRedis(fleet.redis.url, { name: 'test', manner: 'patient' });
    try {
      await eventually(
        async () => {
          const left = await redis.keys(`fl:{${instance.id}}:*`);
          // What expires by itself: who owned it, the last events, and what makes each of those one event.
          expect(left.filter((key) => !/:(own|events|relayed|once:.*)$/.test(key))).toEqual([]);
          expect(await redis.zscore('fl:pending', instance.id)).toBeNull();
          return true;
        },
        { timeoutMs: 30_000, message: 'Everything of the instance is gone' },
      );
    } finally {
      redis.disconnect();
    }
  });
});

describe('a gateway that dies', () => {
  it.each([
    ['when a message is queued and its owner has not been told', 'crash-between-queue-and-wake-up', 0],
    ['when a message is queued and not answered', 'crash-between-queue-and-answer', 1],
  ])('%s has it shown once to who repeats the request', async (_when, point, shownBefore) => {
    const { fleet, tenant } = running;
    await worker.startWith(tenant, id);
    const dying = await fleet.addGateway({ NODE_ENV: 'test', FAULT_POINTS: point });
    const through = tenant.through(new ApiClient(dying.url, fleet.operatorKey));
    const idempotencyKey = point;
    await expect(through.sendText(id, silent.phone, point, { idempotencyKey })).rejects.toThrow();
    expect(await dying.exited).toMatchObject({ signal: 'SIGKILL' });
    const timesShown = async () => (await textsOf(silent)).filter((text) => text === point).length;
    if (shownBefore > 0) await eventually(async () => (await timesShown()) === shownBefore);

    const again = await tenant.sendText(id, silent.phone, point, { idempotencyKey, waitSeconds: 25 });
    expect(again.status).toBe('acked');
    expect(await timesShown()).toBe(1);
    await expectNothingStuck();
    expect(await timesShown()).toBe(1);
  });
});

describe('after all this', () => {
  it('WhatsApp has seen no two logins at once, and nobody anything unreadable', async () => {
    const { overlaps, undecryptable } = await running.fleet.simulator.counters();
    expect({ overlaps, undecryptable }).toEqual({ overlaps: 0, undecryptable: 0 });
  });
});
