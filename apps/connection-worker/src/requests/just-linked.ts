import { setTimeout as pause } from 'node:timers/promises';
import type { RequestContext } from './handler.ts';

/** How long it may take until a phone has told a new device what it shares with its devices (ms). */
const patienceMs = 10_000;
const lookEveryMs = 200;

type JustLinked = Pick<RequestContext, 'sock' | 'signal'>;

async function untilTold({ signal }: JustLinked, isTold: () => boolean): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  while (!isTold()) {
    if (signal.aborted || performance.now() > deadline) return false;
    await pause(lookEveryMs);
  }
  return true;
}

/** Baileys' words when it has no key for what devices share: the phone sends one to a device that it has just linked. */
const keyMissing = 'App state key not present!';

/**
 * Does what may need the key of what devices share: names, chats, contacts, labels. Until the phone has sent it nothing is
 * done, so that the same can be tried again.
 */
export async function withAppStateKey<T>(context: JustLinked, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || error.message !== keyMissing) throw error;
    await untilTold(context, () => context.sock.authState.creds.myAppStateKeyId !== undefined);
    return work();
  }
}

/** Waits for the account's name, without which Baileys keeps to itself that it is online, or not any more. */
export const nameTold = (context: JustLinked): Promise<boolean> =>
  untilTold(context, () => Boolean(context.sock.authState.creds.me?.name));
