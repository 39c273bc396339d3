import { askRedis, startTopology } from '@flotilla/fleet';
import { eventually } from '@flotilla/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ConfirmOptions, connectRedis, createConfirmations, NotReplicatedError, ready } from '../src/index.ts';

/** Redis of one kind, a connection to write with, and confirmations over another one. */
async function started(kind: 'single' | 'cluster', replicas = 0) {
  const topology = await startTopology({ kind, replicas });
  onTestFinished(() => topology.stop());
  const connections = ['writing', 'confirming'].map((name) => connectRedis(topology.url, { name, manner: 'prompt' }));
  const [writing, confirming] = connections;
  onTestFinished(() => connections.forEach((redis) => void redis.disconnect()));
  if (!writing || !confirming) throw new Error('There are two connections');
  await Promise.all([ready(writing), ready(confirming)]);
  const confirmations = (wanted: number | 'auto', more: Partial<ConfirmOptions> = {}) =>
    createConfirmations(confirming, { markOf: (key) => `${key}:mark`, replicas: wanted, timeoutMs: 500, ...more });
  return { topology, writing, confirmations };
}

describe('confirmations', { timeout: 90_000 }, () => {
  test('of a single server: it is alone, or too few have it, or nobody wants to know', async () => {
    const { confirmations } = await started('single');
    expect(await confirmations('auto').begin('{a}')).toBeUndefined();
    expect(await confirmations(0).begin('{a}')).toBeUndefined();
    const strict = await confirmations(1).begin('{a}');
    await expect(strict?.confirm()).rejects.toThrow(NotReplicatedError);
  });

  test('of a cluster: what was confirmed outlives its master, what was not may be gone', async () => {
    const { topology, writing, confirmations } = await started('cluster', 1);
    const outcomes: Record<string, number> = {};
    const auto = confirmations('auto', {
      onOutcome: (outcome) => {
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      },
    });
    const masters = await topology.masters();
    const master = await topology.masterOf('{a}:x');
    const replicas = topology.nodes.filter((node) => !masters.includes(node));

    // More at a time than one connection could wait for one after the other.
    await Promise.all(
      Array.from({ length: 500 }, async (_, n) => {
        const unconfirmed = await auto.begin(`{${n % 9}}`, `{${n % 7}}`);
        await writing.set(`{${n % 9}}:${n}`, 'x');
        await unconfirmed?.confirm();
      }),
    );
    expect(outcomes).toEqual({ confirmed: 1_000 });
    expect(await auto.lasting('{0}:0', () => writing.get('{0}:0'))).toBe('x');

    // Which of them is the replica of this master does not matter: none answers.
    for (const replica of replicas) replica.pause();
    const frozen = await auto.begin('{a}');
    await expect(frozen?.confirm()).rejects.toThrow('NOREPLICAS');
    // Now its link breaks: what is written from here on reaches it no more.
    await askRedis(master.port, 'CLIENT', 'KILL', 'TYPE', 'replica');
    const unconfirmed = await auto.begin('{a}');
    await writing.set('{a}:x', 'alone');
    await expect(unconfirmed?.confirm()).rejects.toThrow('NOREPLICAS');
    const patient = unconfirmed?.confirmPatiently().catch((error: unknown) => error);
    expect(await writing.get('{a}:x')).toBe('alone');
    await master.kill();
    for (const replica of replicas) replica.resume();
    const get = (key: string) => eventually(async () => [await writing.get(key)], { timeoutMs: 30_000 });
    expect(await get('{a}:x')).toEqual([null]);
    expect(await get('{0}:0')).toEqual(['x']);
    expect(await patient).toBeInstanceOf(Error);
    // The new master never had a replica: it is alone, and it does not have what the old one had.
    await eventually(async () => (await auto.begin('{a}')) === undefined);
    await expect(unconfirmed?.confirm()).rejects.toMatchObject({ isGone: true });
  });

  test('of a master whose replica has gone for good: whoever is patient is let go on', async () => {
    const { topology, writing, confirmations } = await started('cluster', 1);
    const masters = await topology.masters();
    const unconfirmed = await confirmations('auto', { lonelyMs: 3_000 }).begin('{a}');
    await Promise.all(topology.nodes.filter((node) => !masters.includes(node)).map((node) => node.kill()));
    await writing.set('{a}:x', 'alone');
    const began = performance.now();
    await unconfirmed?.confirmPatiently();
    expect((performance.now() - began) / 1_000).toBeLessThan(10);
  });
});
