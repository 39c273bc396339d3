const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** No step may be longer: records of what is being retried are kept only a little longer than this. */
const longestStepMs = 48 * units.h;

/** After an answer that says "overloaded" the endpoint is left alone for at least so long. */
const overloadPauseMs = 60_000;

/** A `Retry-After` is honoured up to so long, or to twice the step where that is longer. */
const retryAfterLimitMs = units.h;

/** Steps vary by so much to both sides, so that what failed together does not come back together. */
const jitter = 0.2;

/** The configuration's text is not a schedule. The message says what is wrong and how it should be. */
export class ScheduleError extends Error {
  readonly code = 'INVALID_CONFIG';
}

/**
 * A duration such as `15s`, `200ms`, `10m` or `2h`, in ms.
 * @throws ScheduleError
 */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+)(ms|s|m|h)$/.exec(text.trim()) ?? [];
  if (amount === undefined || unit === undefined) {
    throw new ScheduleError(`"${text.trim()}" is not a duration: write a whole number and ms, s, m or h, such as 30s`);
  }
  return Number(amount) * units[unit as keyof typeof units];
}

/** When a delivery is tried again. */
export interface RetrySchedule {
  /** Waiting times in ms: before the second attempt, before the third, … After the last one a delivery is given up. */
  readonly steps: readonly number[];
  /**
   * How long an event may wait for its endpoint (ms): the schedule's length and a quarter. Past it an event that finds
   * the breaker open is given up without a try, so that a dead endpoint's mailbox cannot grow for ever.
   */
  readonly lifetimeMs: number;
  /**
   * The least time (ms) to leave an overloaded endpoint alone, and the first opening of the breaker: 60 s, but never
   * more than the longest step, so that a schedule made short for a test shortens these with it.
   */
  readonly pauseMs: number;
}

/**
 * Reads a schedule such as `5s,30s,2m,10m,30m,2h,4h,8h,9h`.
 * @throws ScheduleError
 */
export function parseSchedule(text: string): RetrySchedule {
  const steps = text.split(',').map(parseDuration);
  if (steps.some((step) => step > longestStepMs)) throw new ScheduleError('no step may be longer than 48h');
  const lifetimeMs = steps.reduce((sum, step) => sum + step, 0) * 1.25;
  return { steps, lifetimeMs, pauseMs: Math.min(overloadPauseMs, Math.max(...steps)) };
}

/** Statuses by which a receiver asks to be left alone. */
const overloaded = new Set([429, 502, 503, 504]);

/** What the last attempt says about the next. */
export interface Failure {
  /** HTTP status, if there was an answer. */
  status?: number;
  /** Whether the attempt ran out of time. */
  timedOut?: boolean;
  /** The answer's `Retry-After`: seconds or an HTTP date. */
  retryAfter?: string | undefined;
}

/**
 * How long to wait before the next attempt (ms), or undefined when the schedule is exhausted.
 * @param attempts how many have failed so far, this one included
 * @param random 0 to 1, for the jitter
 */
export function retryDelay(
  schedule: RetrySchedule,
  attempts: number,
  failure: Failure,
  random = Math.random(),
): number | undefined {
  const step = schedule.steps[attempts - 1];
  if (step === undefined) return undefined;
  const asked = retryAfterMs(failure.retryAfter);
  // What the receiver asked for is never undercut, so the jitter only adds.
  if (asked !== undefined) {
    const honoured = Math.min(Math.max(asked, step), Math.max(2 * step, retryAfterLimitMs));
    return Math.round(honoured * (1 + random * jitter));
  }
  const leaveAlone = failure.timedOut === true || overloaded.has(failure.status ?? 0);
  const least = leaveAlone ? schedule.pauseMs * (1 + jitter * random) : 0;
  return Math.round(Math.max(least, step * (1 - jitter + 2 * jitter * random)));
}

function retryAfterMs(header: string | undefined): number | undefined {
  if (!header) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
