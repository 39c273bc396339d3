import { fleetKeys } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';

const takeScript = defineScript(new URL('./connect-budget.lua', import.meta.url));

/**
 * Seconds' worth of logins that may start at once, after a time without any. So no second sees more than twice the
 * budget, not even the first one after everybody has been thrown out.
 */
const burstSeconds = 1;

/**
 * The fleet's budget of logins: WhatsApp answers a mass login with refusals, and so would our own CPU.
 * @returns a function that takes one login and says how many ms to wait before starting it
 */
export function createConnectBudget(redis: Redis, perSecond: number) {
  return async (): Promise<number> =>
    Number(await takeScript(redis, [fleetKeys.connectBudget], [perSecond, Math.ceil(perSecond * burstSeconds)]));
}
