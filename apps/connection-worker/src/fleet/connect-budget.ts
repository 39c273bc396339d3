import { setTimeout as pause } from 'node:timers/promises';
import { fleetKeys } from '@flotilla/contracts';
import { createTurns, loginBurst, loginsReserved } from '@flotilla/lease';
import { defineScript, type Redis } from '@flotilla/redis';

const takeScript = defineScript(new URL('./connect-budget.lua', import.meta.url));

/**
 * The fleet's budget of logins: WhatsApp answers a mass login with refusals, and so would our own CPU. A worker asks for a
 * few at a time, in the order of its callers: places in the fleet's order that nobody uses any more, because their worker
 * was stopped, would keep all others waiting.
 * @returns a function that takes one login, when it is this caller's turn, and says how many ms to wait before starting it
 */
export function createConnectBudget(redis: Redis, perSecond: number) {
  const turns = createTurns(loginsReserved);
  return async (): Promise<number> => {
    await new Promise<void>(turns.enter);
    let wait = 0;
    try {
      wait = Number(await takeScript(redis, [fleetKeys.connectBudget], [perSecond, loginBurst(perSecond)]));
    } finally {
      void pause(wait, undefined, { ref: false }).then(turns.leave);
    }
    return wait;
  };
}
