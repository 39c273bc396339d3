import { fleetKeys, instanceKeys } from '@flotilla/contracts';
import { createHistoryWriter, defaultBounds } from '@flotilla/history';
import {
  acceptRequest,
  createInstances,
  deviceOf,
  dropImport,
  lastSequence,
  readRequest,
  stageImport,
} from '@flotilla/instance';
import { claim, FencedError, readOwnership } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import { createFaultPoints } from '@flotilla/service';
import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { importAuth } from './import-auth.ts';
import { InstanceStore } from './instance-store.ts';

const tenant = 'ten_a';
const device = deviceOf('491511234567:5@s.whatsapp.net');
const fields = new Map([
  ['creds', 'c'],
  ['pre-key:1', 'p'],
]);

/** An instance that this worker owns, and an import that waits for it. */
async function scene(redis: Redis, { requestId = 'req_1', owner = 'w1' } = {}) {
  const instances = createInstances(redis);
  const { id } = await instances.create({ tenant, name: 'Shop' });
  const { epoch } = await claim(redis, id, { incarnation: owner, expected: await readOwnership(redis, id) });
  const store = new InstanceStore({
    redis,
    queues: { nudgeRelay: async () => {} },
    fence: { instance: id, owner, epoch },
    tenant,
    history: createHistoryWriter({ redis, instance: id, bounds: defaultBounds }),
    onFenced: () => {},
  });
  const place = { instance: id, requestId };
  await stageImport(redis, place, fields, (field, value) => Buffer.from(`sealed ${field} ${value}`));
  await acceptRequest(redis, { ...place, fingerprint: 'import', waitMs: 60_000, keepMs: 60_000 });
  const state = { paired: false, hasAccount: false, endPairing: async () => {} };
  const run = () =>
    importAuth(
      {
        redis,
        store,
        faults: createFaultPoints(),
        instance: () => ({ id, tenant, paired: state.paired }),
        hasAccount: async () => state.hasAccount,
        endPairing: () => state.endPairing(),
      },
      { name: 'import', requestId, device },
    );
  return {
    id,
    place,
    state,
    run,
    /** What is left of the import, and what has come of it. */
    async found() {
      const record = await instances.read(id);
      return {
        auth: await redis.hgetall(instanceKeys.authState(id)),
        staged: await redis.exists(instanceKeys.importStaging(id, requestId)),
        paired: record?.paired,
        device: record?.device,
        claim: await redis.get(fleetKeys.device(device)),
        events: await lastSequence(redis, id),
        outcome: withoutTime(await readRequest(redis, id, requestId)),
      };
    },
  };
}

const withoutTime = ({ expiresAt: _, ...state }: { expiresAt?: number } = {}) => state;

const nothing = { auth: {}, staged: 0, paired: false, device: undefined, claim: null, events: 0 };

describe('an import', () => {
  redisTest('is done in one step, and repeating it changes nothing', async ({ redis }) => {
    const { id, run, found } = await scene(redis);
    expect(await run()).toBe(true);
    const done = {
      auth: { creds: 'sealed creds c', 'pre-key:1': 'sealed pre-key:1 p' },
      staged: 0,
      paired: true,
      device,
      claim: `${id} req_1`,
      events: 1,
      outcome: { status: 'done', result: null },
    };
    expect(await found()).toEqual(done);
    expect(await redis.pttl(instanceKeys.authState(id))).toBe(-1);
    expect(await run()).toBe(true);
    expect(await found()).toEqual(done);
  });

  redisTest('leaves the credentials of a paired instance alone, whatever its record says', async ({ redis }) => {
    for (const found of ['paired', 'hasAccount'] as const) {
      const scenery = await scene(redis);
      await redis.hset(instanceKeys.authState(scenery.id), 'creds', 'of the phone');
      scenery.state[found] = true;
      expect(await scenery.run()).toBe(false);
      const outcome = { status: 'failed', error: { code: 'ALREADY_PAIRED', details: [] } };
      expect(await scenery.found()).toEqual({ ...nothing, auth: { creds: 'of the phone' }, outcome });
    }
  });

  redisTest('notices a phone that links the instance while the pairing is being ended', async ({ redis }) => {
    const { run, state, found } = await scene(redis);
    state.endPairing = async () => {
      state.paired = true;
    };
    expect(await run()).toBe(false);
    expect(await found()).toMatchObject({
      ...nothing,
      outcome: { status: 'failed', error: { code: 'ALREADY_PAIRED' } },
    });
  });

  redisTest('that was taken back leaves nothing, also of a worker that had claimed the device', async ({ redis }) => {
    const { id, place, run, found } = await scene(redis);
    await redis.hset(instanceKeys.record(id), 'device', device);
    await redis.set(fleetKeys.device(device), `${id} req_1`);
    await dropImport(redis, place);
    expect(await run()).toBe(false);
    expect(await found()).toEqual({ ...nothing, outcome: { status: 'waiting' } });
  });

  redisTest('by an owner that has lost the instance writes nothing', async ({ redis }) => {
    const { id, run, found } = await scene(redis);
    await claim(redis, id, { incarnation: 'w2', expected: await readOwnership(redis, id) });
    await expect(run()).rejects.toThrow(FencedError);
    expect(await found()).toEqual({ ...nothing, staged: 1, outcome: { status: 'waiting' } });
  });

  redisTest('of a device that another instance has says which, to its own tenant', async ({ redis }) => {
    const first = await scene(redis);
    await first.run();
    const second = await scene(redis, { requestId: 'req_2' });
    expect(await second.run()).toBe(false);
    const error = { code: 'DEVICE_IN_USE', details: [`instance ${first.id}`] };
    expect(await second.found()).toEqual({
      ...nothing,
      claim: `${first.id} req_1`,
      outcome: { status: 'failed', error },
    });
    await redis.hset(instanceKeys.record(first.id), 'tenant', 'ten_b');
    const third = await scene(redis, { requestId: 'req_3' });
    await third.run();
    expect((await third.found()).outcome).toMatchObject({ error: { details: ['another instance'] } });
  });
});
