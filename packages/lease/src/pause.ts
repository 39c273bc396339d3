import { setTimeout } from 'node:timers/promises';

/** Waits, at most until the signal. Never rejects: whoever was waiting looks around and decides. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(Math.max(ms, 0), undefined, { signal }).catch(() => {});
}
