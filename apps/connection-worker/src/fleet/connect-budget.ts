import { fleetKeys } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';

const takeScript = defineScript(new URL('./connect-budget.lua', import.meta.url));

/** Seconds' worth of logins that may start at once: enough for a worker's instances to come back together. */
const burstSeconds = 3;

/**
 * The fleet's budget of logins: WhatsApp answers a mass login with refusals, and so would our own CPU.
 * @returns a function that takes one login and says how many ms to wait before starting it
 */
export function createConnectBudget(redis: Redis, perSecond: number) {
  return async (): Promise<number> =>
    Number(await takeScript(redis, [fleetKeys.connectBudget], [perSecond, Math.ceil(perSecond * burstSeconds)]));
}
