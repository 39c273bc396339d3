import { fleetKeys, instanceKeys } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { claimDevice, deviceOf, deviceRelease } from './index.ts';

const device = deviceOf('491511234567:5@s.whatsapp.net');
const tenant = 'ten_a';

/** As the lease holder does it: first the record, then the claim. */
async function take(redis: Redis, instance: string, requestId = 'req_1') {
  await redis.hset(instanceKeys.record(instance), 'tenant', tenant, 'device', device);
  const holder = await claimDevice(redis, { device, instance, requestId });
  if (holder) await redis.hdel(instanceKeys.record(instance), 'device');
  return holder;
}

describe('the claim on a device', () => {
  redisTest('is had by one instance; repeating it is no conflict', async ({ redis }) => {
    expect(await take(redis, 'ins_a')).toBeUndefined();
    expect(await take(redis, 'ins_a')).toBeUndefined();
    expect(await take(redis, 'ins_a', 'req_2')).toBeUndefined();
    expect(await take(redis, 'ins_b')).toEqual({ instance: 'ins_a', tenant });
    expect(await redis.keys(`*${device}*`)).toHaveLength(1);
  });

  redisTest('is had by one of many that want it at once', async ({ redis }) => {
    const names = Array.from({ length: 20 }, (_, index) => `ins_${index}`);
    const outcomes = await Promise.all(names.map((name) => take(redis, name)));
    const named = await Promise.all(names.map((name) => redis.hget(instanceKeys.record(name), 'device')));
    expect(outcomes.filter((holder) => holder === undefined)).toHaveLength(1);
    expect(named.filter(Boolean)).toHaveLength(1);
  });

  redisTest('is void once the record does not name the device, and tidied up on release', async ({ redis }) => {
    await take(redis, 'ins_a');
    await redis.hdel(instanceKeys.record('ins_a'), 'device');
    expect(await take(redis, 'ins_b')).toBeUndefined();
    await (await deviceRelease(redis, device, 'ins_a'))();
    expect(await redis.get(fleetKeys.device(device))).toBe('ins_b req_1');
    const late = await deviceRelease(redis, device, 'ins_b');
    // Imported anew by the next owner, before the last one has come to tidying up.
    expect(await take(redis, 'ins_b', 'req_2')).toBeUndefined();
    await late();
    expect(await redis.get(fleetKeys.device(device))).toBe('ins_b req_2');
    await (await deviceRelease(redis, device, 'ins_b'))();
    expect(await redis.exists(fleetKeys.device(device))).toBe(0);
  });
});
