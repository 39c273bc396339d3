import { eventually } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';

interface MessageEvent {
  id: string;
  type: string;
  data: { message?: { text?: string } };
}

/** How long the owner is frozen (s): longer than its lease, and shorter than the simulator listens to what it replaced. */
const frozenSeconds = 18;
/** What a takeover may take where the owner's death cannot be proven (s). */
const promisedSeconds = 20;

describe('a frozen worker', () => {
  const running = oneFleet({ workers: 2 });
  const arrived = () =>
    (running.fleet.receiver.events as MessageEvent[])
      .filter(({ type }) => type === 'messages.upsert')
      .map(({ data }) => data.message?.text);

  it('loses its instance to another one, and neither sends nor stores anything when it wakes up', async () => {
    const { fleet, tenant } = running;
    await fleet.addWebhook(tenant);
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    const { phone: contact } = await fleet.simulator.createContact();
    const shown = async () => (await fleet.simulator.inbox(contact)).entries.map(({ text }) => text);
    const outgoing = ['out before'];
    const incoming = ['in before'];
    await tenant.sendText(id, contact, 'out before', { waitSeconds: 20 });
    await fleet.simulator.contactSend(contact, linked.phone, 'in before');
    await eventually(() => arrived().includes('in before'), { timeoutMs: 20_000 });

    const owner = await fleet.ownerOf(tenant, id);
    const heir = fleet.workers.find((worker) => worker !== owner);
    if (!heir) throw new Error('There is no second worker');
    const { incarnation } = (await (await fetch(`${heir.url}/incarnation`)).json()) as { incarnation: string };

    owner.pause();
    const frozenAt = performance.now();
    const frozenFor = () => (performance.now() - frozenAt) / 1_000;
    for (const number of [1, 2, 3]) {
      await tenant.sendText(id, contact, `out ${number}`);
      await fleet.simulator.contactSend(contact, linked.phone, `in ${number}`);
      outgoing.push(`out ${number}`);
      incoming.push(`in ${number}`);
    }
    await eventually(
      async () => {
        const { worker, status } = await tenant.instance(id);
        return worker === incarnation && status.state === 'open';
      },
      { timeoutMs: 30_000, message: 'The other worker has opened the instance' },
    );
    expect(frozenFor()).toBeLessThan(promisedSeconds);
    await eventually(
      async () => {
        expect(await shown()).toEqual(outgoing);
        expect(arrived().toSorted()).toEqual(incoming.toSorted());
        return true;
      },
      { timeoutMs: 15_000, message: 'What waited has arrived' },
    );

    await eventually(() => frozenFor() >= frozenSeconds, { timeoutMs: 20_000, intervalMs: 100 });
    const { epoch: epochBefore } = lastClaim(heir.logs(), id);
    owner.resume();
    expect(await owner.exited).toMatchObject({ code: 1 });
    expect(owner.logs().some((line) => line.includes('lease.lost'))).toBe(true);

    // The heir has noticed nothing: the next messages pass through the connection that it had.
    await tenant.sendText(id, contact, 'out after', { waitSeconds: 20 });
    await fleet.simulator.contactSend(contact, linked.phone, 'in after');
    await eventually(() => arrived().includes('in after'), { timeoutMs: 15_000 });
    await eventually(async () => (await shown()).includes('out after'), { timeoutMs: 15_000 });
    expect(await shown()).toEqual([...outgoing, 'out after']);
    expect(arrived().toSorted()).toEqual([...incoming, 'in after'].toSorted());
    expect((await tenant.instance(id)).worker).toBe(incarnation);
    expect(lastClaim(heir.logs(), id).epoch).toBe(epochBefore);
    const counters = await fleet.simulator.counters();
    expect(counters).toMatchObject({ overlaps: 0, overlapFrames: 0, undecryptable: 0, secondDecryptions: 0 });
  });
});

/** The last time that a worker says it claimed the instance. */
function lastClaim(lines: string[], instance: string): { epoch: number } {
  const line = lines.findLast((text) => text.includes('instance.claimed') && text.includes(instance));
  if (!line) throw new Error('The worker has not claimed this instance');
  return JSON.parse(line) as { epoch: number };
}
