export { type ConnectOptions, connectRedis, type Redis, ready } from './connect.ts';
export { byFleetClock, fleetNow, startFleetClock } from './fleet-clock.ts';
export { gatherCalls, shareReads } from './gather-calls.ts';
export { BadCursorError, decodeCursor, encodeCursor, newerFirst, newestFirst, type Page, type Place } from './place.ts';
export {
  type ConfirmationOutcome,
  type Confirmations,
  type ConfirmOptions,
  createConfirmations,
  NotReplicatedError,
} from './replicas.ts';
export { defineScript, keepsOrder, type Script, scriptsResent } from './script.ts';
export { isStoreError } from './store-error.ts';
export { parseRedisUrl } from './url.ts';
