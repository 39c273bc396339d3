import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@flotilla/fleet';

/** What a process says of its memory (bytes). */
export interface Memory {
  rss: number;
  heapUsed: number;
  heapTotal: number;
  external: number;
  /** Garbage had been collected right before, which nobody does in production. */
  collected: boolean;
}

/** A line of `memory-probe.ts`. */
export interface MemoryNote {
  memory: Memory;
  /** Tells apart two answers that are the same. */
  number: number;
}

/** The flags of V8 that connection workers are deployed with, see docker-stack.yml. */
export const workerFlags = '--max-semi-space-size=4';

/** `NODE_OPTIONS` of a process whose memory is to be asked for: the worker's own flags, and the probe. */
const probe = `--expose-gc --import=${new URL('./memory-probe.ts', import.meta.url).href}`;
export const probedOptions = `${workerFlags} ${probe}`;

/** The same without flags of V8: as most people run Node. */
export const probedDefaults = probe;

/** A process with the probe in it. */
export interface Probed {
  readonly pid: number;
  logs(): string[];
}

/** Asks a process that was started with {@link probedOptions}. @param collect forces a collection before */
export async function askMemory(probed: Probed, { collect = false } = {}): Promise<Memory> {
  const newest = () => probed.logs().findLast((line) => line.startsWith('{"memory":'));
  const before = newest();
  process.kill(probed.pid, collect ? 'SIGURG' : 'SIGWINCH');
  const line = await eventually(
    () => {
      const now = newest();
      return now === before ? undefined : now;
    },
    { timeoutMs: 20_000, intervalMs: 20, message: 'The process tells what its memory holds' },
  );
  return (JSON.parse(line) as MemoryNote).memory;
}

/** Memory of a process that has had nothing to do for so long; nothing is collected for it. */
export async function settledMemory(probed: Probed, settleMs: number): Promise<Memory> {
  await pause(settleMs);
  return askMemory(probed);
}
