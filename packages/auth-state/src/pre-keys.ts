import { setImmediate as nextRound } from 'node:timers/promises';
import type { KeyPair } from '@whiskeysockets/baileys';
import { generateKeyPair } from './curve.ts';
import { encodeValue } from './key-values.ts';

/** Pre-keys that wait in memory for their upload, as the store has them too. */
export interface FreshPreKeys {
  /** What is to be stored, by id. */
  readonly sealed: ReadonlyMap<string, Buffer>;
  /** The pairs with these ids, or undefined unless all are here. Reading several at once is the upload, and forgets all. */
  read(ids: readonly string[]): Map<string, KeyPair> | undefined;
  /** Forgets those that were used, or all. */
  forget(ids?: Iterable<string>): void;
}

/** So many are made in one round of the event loop: it takes 1 to 2 ms, for which others wait. */
const atATime = 16;

let before: Promise<unknown> = Promise.resolve();

/**
 * Makes pre-keys with the ids from 1 to `count`, a few in each round of the event loop. Numbers that are linked at the
 * same time take turns, so that the first one is not as late as the last.
 * @param seal is given the id and the value as text
 */
export function makePreKeys(count: number, seal: (id: string, value: string) => Buffer): Promise<FreshPreKeys> {
  const made = before.then(async () => {
    const pairs = new Map<string, KeyPair>();
    const sealed = new Map<string, Buffer>();
    for (let id = 1; id <= count; id += 1) {
      const pair = generateKeyPair();
      pairs.set(String(id), pair);
      sealed.set(String(id), seal(String(id), encodeValue(pair)));
      if (id % atATime === 0) await nextRound();
    }
    return fresh(pairs, sealed);
  });
  before = made.catch(() => {});
  return made;
}

function fresh(pairs: Map<string, KeyPair>, sealed: ReadonlyMap<string, Buffer>): FreshPreKeys {
  return {
    sealed,
    read(ids) {
      const found = new Map<string, KeyPair>();
      for (const id of ids) {
        const pair = pairs.get(id);
        if (pair) found.set(id, pair);
      }
      if (ids.length === 0 || found.size < ids.length) return undefined;
      if (ids.length > 1) pairs.clear();
      return found;
    },
    forget(ids = [...pairs.keys()]) {
      for (const id of ids) pairs.delete(id);
    },
  };
}
