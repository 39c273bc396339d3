/**
 * What signatures, keys and agreements cost on the curve, with Flotilla's functions and with those of libsignal and Baileys
 * as they are installed, in turns in one process.
 */
import type { Bench, BenchResult, Target } from '../bench.ts';
import { median } from '../measure/statistics.ts';
import { cpuMs, isPlain, type Primitive, preKeyCost, primitives } from './primitives.ts';

/** At most so much of the baseline's processor time. */
const limits: Record<string, number> = { sign: 0.05, verify: 0.1, generate: 0.7, agree: 0.85 };

interface Round {
  ours: number;
  theirs: number;
}

async function measureRound({ ours, theirs, count }: Primitive, part: number): Promise<Round> {
  const times = Math.ceil(count * part);
  const each = async (work: () => unknown) =>
    (await cpuMs(() => {
      for (let n = 0; n < times; n += 1) work();
    })) / times;
  return { ours: await each(ours), theirs: await each(theirs) };
}

const ratios = (rounds: readonly Round[]) => rounds.map(({ ours, theirs }) => ours / theirs);

function target(name: string, rounds: readonly Round[], limit: number): Target {
  const each = ratios(rounds);
  return { name, value: median(each), rounds: each, relation: 'at most', limit, unit: '' };
}

const row = (name: string, rounds: readonly Round[]) => [
  name,
  median(rounds.map(({ ours }) => ours)),
  median(rounds.map(({ theirs }) => theirs)),
  median(ratios(rounds)),
];

/** @param part how much of a full round each round does: 0 to 1 */
export async function measureCrypto({ rounds, part }: { rounds: number; part: number }): Promise<BenchResult> {
  const all = primitives();
  const found = new Map<string, Round[]>(all.map(({ name }) => [name, []]));
  const cpu: Round[] = [];
  const pauses: Round[] = [];
  // The first one is not kept: everything is compiled then.
  for (let round = 0; round <= rounds; round += 1) {
    for (const primitive of all) {
      const measured = await measureRound(primitive, part);
      if (round > 0) found.get(primitive.name)?.push(measured);
    }
    const ours = await preKeyCost('ours');
    const theirs = await preKeyCost('theirs');
    if (round === 0) continue;
    cpu.push({ ours: ours.cpu, theirs: theirs.cpu });
    pauses.push({ ours: ours.pause, theirs: theirs.pause });
  }
  return {
    tables: [
      {
        title: 'Processor time of each (ms)',
        columns: ['', 'Flotilla', 'as installed', 'ratio'],
        rows: [...[...found].map(([name, each]) => row(name, each)), row('812 pre-keys', cpu)],
      },
      {
        title: 'Longest time for which nothing else happens (ms)',
        columns: ['', 'Flotilla', 'as installed', 'ratio'],
        rows: [row('812 pre-keys', pauses)],
      },
    ],
    targets: [
      ...[...found].map(([name, each]) => target(`${name}, of the plain library`, each, limits[name] ?? 1)),
      target('812 pre-keys, of Baileys', cpu, 0.8),
      target('pause for 812 pre-keys, of that of Baileys', pauses, 0.15),
    ],
    notes: [
      'Flotilla’s pre-keys include their encoding for the store, without encryption; those of Baileys are only generated. Garbage ' +
        'is collected before each measurement, so that nobody pays for what another one has left.',
    ],
    ...(isPlain()
      ? {}
      : { invalid: 'The baseline is not what is installed: something has repaired it in this process.' }),
  };
}

export const crypto: Bench = {
  name: 'crypto',
  title: 'Signatures and keys on the curve',
  about:
    'What a login (two verifications, four agreements), a pairing (812 pre-keys, signatures) and a message calculate, by ' +
    'the functions that [ADR 0014](adr/0014-curve-repaired-at-run-time.md) puts in place of those of libsignal and Baileys, beside ' +
    'these as they are installed, in turns in one process.',
  run: ({ size }) => measureCrypto(size === 'full' ? { rounds: 7, part: 1 } : { rounds: 3, part: 0.25 }),
};
