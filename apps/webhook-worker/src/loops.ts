import type { Watchdog } from '@flotilla/service';

/**
 * Every loop of this process that could stall. Taking relays and turns is all that it is for: one that takes none is
 * restarted. A single relay or turn that hangs is named; its job comes back to another worker when this one ends.
 * @param timeoutMs the longest attempt
 */
export function declareLoops(watchdog: Watchdog, timeoutMs: number) {
  const attemptSeconds = timeoutMs / 1_000;
  return {
    relayNotes: watchdog.loop('relay-notes', { boundSeconds: 120, vital: true }),
    relayQueue: watchdog.loop('relay-queue', { boundSeconds: 120, vital: true }),
    /** All places may be taken by turns that each wait for an endpoint. */
    turnsQueue: watchdog.loop('turns-queue', { boundSeconds: 120 + 2 * attemptSeconds, vital: true }),
    /** All of them wait for Redis by design. */
    relay: watchdog.loop('relay', { boundSeconds: 120 }),
    replay: watchdog.loop('replay', { boundSeconds: 120 }),
    turn: watchdog.loop('turn', { boundSeconds: 120 + 2 * attemptSeconds }),
  };
}
