import type { FlotillaEvent } from '@flotilla/contracts';
import { eventually, startFleet } from '@flotilla/fleet';
import { describe, expect, it, onTestFailed } from 'vitest';

/** What a receiver saw of the messages that somebody wrote while a webhook worker died. */
interface Seen {
  /** How often each of the messages was posted, in the order of writing. */
  times: number[];
  /** How many event ids each of them had. */
  ids: number[];
  /** Whether those events came, for the first time, in the order of their sequence. */
  inOrder: boolean;
}

const messages = ['one', 'two', 'three'];

/** Has somebody write while the only webhook worker dies at a point, and another one take over. */
async function delivered(faultPoint: string): Promise<Seen> {
  const fleet = await startFleet({ webhookWorkers: 0 });
  onTestFailed(() => console.error(fleet.lastLines(15)));
  try {
    const tenant = await fleet.api.newTenant();
    const { id: webhook } = await fleet.addWebhook(tenant, { events: ['messages.upsert'] });
    const { linked } = await tenant.pairedInstance(fleet.simulator);
    const { phone } = await fleet.simulator.createContact();
    const dying = await fleet.addWebhookWorker({ NODE_ENV: 'test', FAULT_POINTS: faultPoint });
    for (const text of messages) await fleet.simulator.contactSend(phone, linked.phone, text);
    expect(await dying.exited).toMatchObject({ signal: 'SIGKILL' });

    await fleet.addWebhookWorker();
    const posted = () => fleet.receiver.deliveries.map(({ verified, json }) => verified && (json as FlotillaEvent));
    const of = (text: string) =>
      posted().filter(
        (event): event is FlotillaEvent =>
          event && event.type === 'messages.upsert' && event.data.message.text === text,
      );
    await eventually(() => messages.every((text) => of(text).length > 0), {
      timeoutMs: 45_000,
      message: 'Everything is delivered',
    });
    await eventually(async () => (await tenant.deliveries(webhook)).every(({ state }) => state === 'delivered'), {
      message: 'No delivery waits',
    });
    expect(await tenant.deadLetters()).toEqual([]);
    const sequences = (fleet.receiver.events as FlotillaEvent[]).map(({ sequence }) => sequence);
    return {
      times: messages.map((text) => of(text).length),
      ids: messages.map((text) => new Set(of(text).map(({ id }) => id)).size),
      inOrder: sequences.every((sequence, n) => n === 0 || sequence > (sequences[n - 1] ?? 0)),
    };
  } finally {
    await fleet.stop();
  }
}

describe.concurrent('a webhook worker that dies', () => {
  it.each([
    ['before it puts events into a mailbox', 'crash-before-push', 1],
    ['when a mailbox has events, before it raises the cursor', 'crash-between-push-and-cursor', 1],
    ['before it posts', 'crash-before-post', 1],
    ['when it has posted, before it writes that down', 'crash-between-post-and-settle', 2],
  ])('%s has everything delivered in order, at least once by one id', async (_when, point, timesFirst) => {
    expect(await delivered(point)).toEqual({ times: [timesFirst, 1, 1], ids: [1, 1, 1], inOrder: true });
  });
});
