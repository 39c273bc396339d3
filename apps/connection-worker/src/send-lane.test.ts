import { type CommandJob, instanceKeys } from '@flotilla/contracts';
import { createHistoryWriter } from '@flotilla/history';
import { acceptCommands, readMessage } from '@flotilla/instance';
import { claim, type Fence, readOwnership } from '@flotilla/lease';
import { openLane, reclaim, sharedBackend, takeUp } from '@flotilla/queue';
import type { Redis } from '@flotilla/redis';
import { createLogger } from '@flotilla/service';
import { redisTest } from '@flotilla/testkit';
import { expect } from 'vitest';
import { InstanceStore } from './instance-store.ts';
import { Pacing } from './pacing.ts';
import { type Sender, SendLane } from './send-lane.ts';

const instance = 'ins_a';
const log = createLogger({ name: 'test', level: 'silent' });

/** Accepts messages as the gateway does. */
async function accept(redis: Redis, ids: readonly string[]): Promise<void> {
  await redis.hset(instanceKeys.record(instance), 'tenant', 'ten_a', 'paired', 'true');
  const to = '14155550101@s.whatsapp.net';
  const one = { command: 'send.text', to, body: { to }, fingerprint: 'f', ttlMs: 60_000 } as const;
  const commands = ids.map((messageId) => ({ ...one, messageId }));
  await acceptCommands(redis, { id: instance, tenant: 'ten_a' }, commands);
}

/** The lane of whoever claims the instance now, with what it has sent. */
async function own(redis: Redis, incarnation: string, onSend: (messageId: string) => Promise<void> = async () => {}) {
  const { epoch } = await claim(redis, instance, { incarnation, expected: await readOwnership(redis, instance) });
  const fence: Fence = { instance, owner: incarnation, epoch };
  const sent: string[] = [];
  const sender: Sender = {
    async send({ messageId }, journal) {
      await journal.sending(messageId, Buffer.from(messageId));
      sent.push(messageId);
      await onSend(messageId);
      return { outcome: 'acked' };
    },
  };
  const left = await takeUp(redis, fence, 'commands');
  const lane = openLane<CommandJob>(instance, 'commands', {
    connection: redis,
    backend: sharedBackend(redis),
    besideBase: instanceKeys.journal(instance, ''),
  });
  const history = createHistoryWriter({ redis, instance, bounds: { days: 0, messages: 0 } });
  const queues = { nudgeRelay: async () => {} };
  const sends = new SendLane({
    redis,
    lane,
    store: new InstanceStore({ redis, queues, fence, tenant: 'ten_a', history, onFenced: () => {} }),
    pacing: new Pacing(),
    sender: () => sender,
    reclaim: () => reclaim(redis, fence, 'commands'),
    ownersEndedBy: (messageId) => left.get(messageId) ?? 0,
    paired: () => true,
    mayWork: () => true,
    log,
  });
  return { lane, sends, sent };
}

redisTest('what a former owner takes without noticing is sent by the present one, in its turn', async ({ redis }) => {
  const former = await own(redis, 'w1');
  let stolen: string | undefined;
  const present = await own(redis, 'w2', async (messageId) => {
    // It was stopped after it had looked at its lease, and goes on now.
    if (messageId === 'm1') stolen = (await former.lane.next())?.id;
  });
  await accept(redis, ['m1', 'm2', 'm3']);
  await present.sends.attend();
  expect(stolen).toBe('m2');
  expect(present.sent).toEqual(['m1', 'm2', 'm3']);
  expect(await present.lane.hasJobs()).toBe(false);
});

redisTest('also if it is the only one, and the former owner tries to send it', async ({ redis }) => {
  const former = await own(redis, 'w1');
  const present = await own(redis, 'w2');
  await accept(redis, ['m1']);
  await former.sends.attend();
  expect(former.sent).toEqual([]);
  await present.sends.attend();
  expect(present.sent).toEqual(['m1']);
  expect(await present.lane.hasJobs()).toBe(false);
});

redisTest('a message over which five owners have ended is given up, and the next one is sent', async ({ redis }) => {
  await accept(redis, ['m1', 'm2']);
  for (let n = 1; n <= 5; n += 1) {
    // Its process ends in the middle of the send: nothing more is heard of it.
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const owner = await own(redis, `w${n}`, () => {
      resolve();
      return new Promise<never>(() => {});
    });
    void owner.sends.attend();
    await ended;
    expect(owner.sent).toEqual(['m1']);
  }
  const survivor = await own(redis, 'w6');
  await survivor.sends.attend();
  expect(survivor.sent).toEqual(['m2']);
  expect(await readMessage(redis, instance, 'm1')).toMatchObject({
    status: 'failed',
    error: { code: 'undeliverable' },
  });
  expect(await survivor.lane.hasJobs()).toBe(false);
});
