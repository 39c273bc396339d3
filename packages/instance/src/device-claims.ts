import { createHash } from 'node:crypto';
import { fleetKeys, instanceKeys } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';

const moveClaim = defineScript(new URL('./claim-device.lua', import.meta.url));

/** Others take a claim at the same moment only if they import the same folder. */
const claimTries = 5;

/** What a device is known by in the fleet: a hash, so that no phone number is part of a key. */
export const deviceOf = (jid: string): string => createHash('sha256').update(jid).digest('hex');

/** Who has a device, and whose it is. */
export interface DeviceHolder {
  instance: string;
  tenant: string;
}

/**
 * Claims a device for one import, so that its credentials come into one instance of the fleet only. Before this, the
 * caller must have written the device into its instance's record: a claim counts for as long as the record of the
 * instance that holds it names the device, so whatever a crash leaves behind is no claim. Each import has a value of its
 * own, so that a claim which was looked at and found void cannot have become valid again when it is taken.
 * @returns who holds the device; undefined if it is this import's now, or was before
 */
export async function claimDevice(
  redis: Redis,
  { device, instance, requestId }: { device: string; instance: string; requestId: string },
): Promise<DeviceHolder | undefined> {
  const key = fleetKeys.device(device);
  const mine = `${instance} ${requestId}`;
  for (let tries = 0; tries < claimTries; tries += 1) {
    const held = (await redis.get(key)) ?? '';
    if (held === mine) return undefined;
    const [holder = ''] = held.split(' ');
    if (holder !== '' && holder !== instance) {
      const [named, tenant] = await redis.hmget(instanceKeys.record(holder), 'device', 'tenant');
      if (named === device) return { instance: holder, tenant: tenant ?? '' };
    }
    if ((await moveClaim(redis, [key], [held, mine])) === 1) return undefined;
  }
  throw new Error('The claim on this device keeps changing');
}

/**
 * Prepares to give an instance's claim on a device up. To be called while the record still names the device; what it
 * returns, once it does not. Only tidies up, as such a claim counts no more, and never takes one that was made meanwhile.
 */
export async function deviceRelease(redis: Redis, device: string, instance: string): Promise<() => Promise<void>> {
  const key = fleetKeys.device(device);
  const held = (await redis.get(key)) ?? '';
  return async () => {
    if (held.startsWith(`${instance} `)) await moveClaim(redis, [key], [held, '']);
  };
}
