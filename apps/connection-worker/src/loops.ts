import type { Watchdog } from '@flotilla/service';

export type Loops = ReturnType<typeof declareLoops>;

/**
 * Every loop of this process that could stall, with the longest time that it may take from one round to the next.
 *
 * Vital are those that nobody else does in its place: without them its instances, or what waits for them, lie still. A
 * restart costs each instance a second or two, because the end is an orderly one. The others are done by other workers
 * as well, only make things slower, or concern one instance among many: they are named, and the operator decides.
 *
 * Commands to Redis fail within three seconds while it is away, so that no bound is exceeded by that; where a loop waits
 * for Redis by design, its stall says so.
 */
export function declareLoops(watchdog: Watchdog) {
  return {
    /** Without renewals this worker may not keep any socket open. */
    renewal: watchdog.loop('renewal', { boundSeconds: 30, vital: true }),
    /** Finds commands whose wake-up got lost: for its own instances nobody else can. */
    sweep: watchdog.loop('sweep', { boundSeconds: 120, vital: true }),
    /** A worker that takes no instances is of no use to the fleet. */
    connectQueue: watchdog.loop('connect-queue', { boundSeconds: 120, vital: true }),
    /** Waits for Redis by design. The sweep finds what it misses, five seconds later. */
    wake: watchdog.loop('wake', { boundSeconds: 60 }),
    /** All workers do it. */
    reaper: watchdog.loop('reaper', { boundSeconds: 60 }),
    /** Only evens out. */
    balance: watchdog.loop('balance', { boundSeconds: 120 }),
    /** Only tidies up. */
    historyTrim: watchdog.loop('history-trim', { boundSeconds: 1_800 }),

    /** From here on: of one instance each. A connection that is neither open nor given up; its login may have to wait. */
    connecting: watchdog.loop('connecting', { boundSeconds: 600 }),
    /** One message: pacing of a minute, a file that is fetched, converted and uploaded, and the acknowledgement. */
    sendLane: watchdog.loop('send-lane', { boundSeconds: 900 }),
    requestLane: watchdog.loop('request-lane', { boundSeconds: 300 }),
    controlLane: watchdog.loop('control-lane', { boundSeconds: 300 }),
    /** A fenced write: also what stores an incoming message before it is acknowledged. */
    write: watchdog.loop('write', { boundSeconds: 30 }),
    /** Tells that there are events to relay; goes on until Redis takes it. */
    nudge: watchdog.loop('nudge', { boundSeconds: 60 }),
    /** Changes of the record; goes on until Redis takes it. */
    record: watchdog.loop('record', { boundSeconds: 60 }),
    /** What Baileys has reported apart from messages; goes on until Redis takes it. */
    changeQueue: watchdog.loop('change-queue', { boundSeconds: 120 }),
    receipts: watchdog.loop('receipts', { boundSeconds: 60 }),
    /** One look at the list of files that have yet to be fetched. */
    files: watchdog.loop('files', { boundSeconds: 120 }),
  };
}
