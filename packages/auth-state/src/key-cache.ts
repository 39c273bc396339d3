import { LRUCache } from 'lru-cache';

/** What is known about a field without asking the store: its value, null for "is not stored", undefined for unknown. */
export type Known = string | null | undefined;

/** The part of the cache that belongs to one instance under one epoch. */
interface KeyNamespace {
  get(field: string): Known;
  set(field: string, value: string | null): void;
  /** Makes everything in here unreachable. The next namespace of the instance starts empty. */
  drop(): void;
}

/** Keys of all the instances of a process, bounded together: a busy instance may use what idle ones do not need. */
export interface KeyCache {
  /** The same instance and epoch give the same entries, so that a reconnect starts warm; a new epoch starts empty. */
  namespace(instance: string, epoch: number | string): KeyNamespace;
  /** Forgets an instance that this process no longer holds. */
  forget(instance: string): void;
  /** About how much memory the entries take. */
  readonly bytes: number;
}

/** V8 strings, map slot and list links of one entry, measured roughly; only the bound depends on it. */
const overheadBytes = 150;

/** @param options.maxBytes the bound for all instances together */
export function createKeyCache(options: { maxBytes: number }): KeyCache {
  // Values are kept as text, and parsed at each read: Baileys changes some of the objects it gets (`sender-key-memory`,
  // `device-list`), and a change that is never committed must not stay behind in the cache.
  const entries = new LRUCache<string, string>({
    maxSize: options.maxBytes,
    sizeCalculation: (value, key) => value.length + key.length + overheadBytes,
  });
  const namespaces = new Map<string, { epoch: string; id: number }>();
  let lastId = 0;

  return {
    namespace(instance, epoch) {
      let current = namespaces.get(instance);
      if (current?.epoch !== String(epoch)) {
        lastId += 1;
        current = { epoch: String(epoch), id: lastId };
        namespaces.set(instance, current);
      }
      const { id } = current;
      const prefix = `${id.toString(36)} `;
      return {
        get(field) {
          const value = entries.get(prefix + field);
          return value === '' ? null : value;
        },
        set(field, value) {
          entries.set(prefix + field, value ?? '');
        },
        drop() {
          // Entries of a dropped id are never asked for again, so they are the first to be evicted.
          if (namespaces.get(instance)?.id === id) namespaces.delete(instance);
        },
      };
    },
    forget(instance) {
      namespaces.delete(instance);
    },
    get bytes() {
      return entries.calculatedSize;
    },
  };
}
