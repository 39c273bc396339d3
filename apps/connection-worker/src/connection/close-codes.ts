import type { CloseReason } from '@flotilla/contracts';

/** What to do when a socket ends. */
export type CloseAction =
  /** Normal after pairing: connect again at once. */
  | { do: 'reconnect' }
  /** Credentials are worthless: wipe them. */
  | { do: 'wipe'; reason: CloseReason }
  /** Stop; keep what is stored until the tenant pairs again or deletes it. */
  | { do: 'park'; reason: CloseReason }
  /** Somebody else logged in with these credentials: never fight. */
  | { do: 'yield' }
  /** Wait, then use another WhatsApp web version. */
  | { do: 'update' }
  /** Wait, then try again. */
  | { do: 'back-off' };

/**
 * What each close code of WhatsApp means. A code that is not here is a loss that waiting may mend.
 * Codes: Baileys' `DisconnectReason` and the `reason` of `<failure>`.
 */
const actions: Record<number, CloseAction> = {
  515: { do: 'reconnect' },
  440: { do: 'yield' },
  401: { do: 'wipe', reason: 'logged-out' },
  403: { do: 'park', reason: 'refused' },
  406: { do: 'park', reason: 'refused' },
  402: { do: 'park', reason: 'banned' },
  405: { do: 'update' },
};

/** What to do about a close code; `undefined` (no code was given) is an ordinary loss. */
export const onClose = (code: number | undefined): CloseAction => actions[code ?? 0] ?? { do: 'back-off' };

/** Longest wait between two tries (ms). */
const longestBackOffMs = 60_000;

/**
 * How long to wait before the next try: full jitter, so that a thousand instances that lost the server together do not
 * come back together.
 * @param attempt 1 for the first try after a loss
 * @returns ms
 */
export function backOffMs(attempt: number, random = Math.random): number {
  return Math.round(random() * Math.min(longestBackOffMs, 1_000 * 2 ** Math.min(attempt - 1, 10)));
}

/** How long to wait for Redis before the next try (ms): about a second. */
export const storeRetryMs = (random = Math.random) => Math.round(500 + random() * 1_000);

/** A connection that was open for so long was a good one: its loss is a first one again (ms). */
export const steadyMs = 10_000;

/**
 * How long logging in may take (ms). Baileys itself waits for ever for a server that shakes hands and answers pings, but
 * never says whether it takes the login.
 */
export const loginTimeoutMs = 120_000;

/** How long to keep away after another login took over (ms). */
export const yieldMs = 30_000;
/** So many takeovers within `foreignLoginWindowMs` and the instance is parked. */
export const foreignLoginsUntilParked = 3;
export const foreignLoginWindowMs = 600_000;
