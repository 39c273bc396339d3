import { askRedis, startTopology } from '@flotilla/fleet';
import { eventually } from '@flotilla/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectRedis, createConfirmations, NotReplicatedError, ready } from '../src/index.ts';

/** Redis of one kind, a connection to write with, and confirmations over another one. */
async function started(kind: 'single' | 'cluster', replicas = 0) {
  const topology = await startTopology({ kind, replicas });
  onTestFinished(() => topology.stop());
  const connections = ['writing', 'confirming'].map((name) => connectRedis(topology.url, { name, manner: 'prompt' }));
  const [writing, confirming] = connections;
  onTestFinished(() => connections.forEach((redis) => void redis.disconnect()));
  if (!writing || !confirming) throw new Error('There are two connections');
  await Promise.all([ready(writing), ready(confirming)]);
  const confirming1 = (wanted: number | 'auto') =>
    createConfirmations(confirming, { replicas: wanted, timeoutMs: 500 });
  return { topology, writing, confirmations: confirming1 };
}

const yes = async () => true;

describe('confirmations', { timeout: 90_000 }, () => {
  test('of a single server: it is alone, or too few have it, or nobody wants to know', async () => {
    const { confirmations } = await started('single');
    expect(await confirmations('auto').confirm('{a}:mark', yes)).toBe('alone');
    expect(await confirmations(0).confirm('{a}:mark', yes)).toBe('not-wanted');
    await expect(confirmations(1).confirm('{a}:mark', yes)).rejects.toThrow(NotReplicatedError);
    await expect(confirmations('auto').confirm('{a}:mark', async () => false)).rejects.toThrow('is gone');
  });

  test('of a cluster: what was confirmed outlives its master, what was not may be gone', async () => {
    const { topology, writing, confirmations } = await started('cluster', 1);
    const auto = confirmations('auto');
    const masters = await topology.masters();
    const master = await topology.masterOf('{a}:x');
    const replicas = topology.nodes.filter((node) => !masters.includes(node));

    // More at a time than one connection could wait for one after the other.
    const found = await Promise.all(
      Array.from({ length: 500 }, async (_, n) => {
        await writing.set(`{${n % 9}}:${n}`, 'x');
        return auto.confirm(`{${n % 9}}:mark`, async () => (await writing.exists(`{${n % 9}}:${n}`)) === 1);
      }),
    );
    expect(new Set(found)).toEqual(new Set(['confirmed']));

    // Which of them is the replica of this master does not matter: none answers.
    for (const replica of replicas) replica.pause();
    await expect(auto.confirm('{a}:mark', yes)).rejects.toThrow('NOREPLICAS');
    // Now its link breaks: what is written from here on reaches it no more.
    await askRedis(master.port, 'CLIENT', 'KILL', 'TYPE', 'replica');
    await writing.set('{a}:x', 'alone');
    const isThere = async () => (await writing.get('{a}:x')) === 'alone';
    expect(await isThere()).toBe(true);
    await expect(auto.confirm('{a}:mark', isThere)).rejects.toThrow('NOREPLICAS');
    await master.kill();
    for (const replica of replicas) replica.resume();
    const get = (key: string) => eventually(async () => [await writing.get(key)], { timeoutMs: 30_000 });
    expect(await get('{a}:x')).toEqual([null]);
    expect(await get('{0}:0')).toEqual(['x']);
    // The new master never had a replica: it is alone, and it does not have what the old one had.
    expect(await eventually(() => auto.confirm('{a}:mark', yes))).toBe('alone');
    await expect(auto.confirm('{a}:mark', isThere)).rejects.toThrow('is gone');
  });
});
