import { createInstances, type StoredInstance } from '@flotilla/instance';
import { FencedError } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import type { WatchedLoop } from '@flotilla/service';
import type { RecordChange } from './connection/connection.ts';
import type { EventToAppend, InstanceStore } from './instance-store.ts';

export interface HeldRecordOptions {
  redis: Redis;
  store: InstanceStore;
  loop: WatchedLoop;
  /** The record as it was when the instance was claimed. */
  instance: StoredInstance;
  /** False once the instance is given away or lost: nothing more is stored. */
  mayStore(): boolean;
}

/** ms between tries to store a change while Redis is away. */
const storeAgainMs = 300;

/** The record of an instance as its owner knows it, which may be ahead of what Redis has. */
export class HeldRecord {
  readonly #options: HeldRecordOptions;
  #current: StoredInstance;
  #storing: Promise<void> = Promise.resolve();

  constructor(options: HeldRecordOptions) {
    this.#options = options;
    this.#current = options.instance;
  }

  get current(): StoredInstance {
    return this.#current;
  }

  /** Takes note of what Redis has already. */
  note(change: Partial<StoredInstance>): void {
    this.#current = { ...this.#current, ...change };
  }

  /** Stores changes one after the other; tries again while Redis is away, because a state must not get lost. */
  change(change: RecordChange, events: EventToAppend[]): void {
    for (const [field, value] of Object.entries(change)) this.note({ [field]: value ?? undefined });
    const { store, mayStore, loop } = this.#options;
    const untilStored = async () => {
      while (mayStore()) {
        try {
          await store.updateRecord(change, events);
          return;
        } catch (error) {
          if (error instanceof FencedError) return;
          await new Promise((resolve) => setTimeout(resolve, storeAgainMs));
        }
      }
    };
    this.#storing = this.#storing.then(() => loop.during(untilStored));
  }

  /** Resolves when every change so far is stored, or cannot be any more. */
  stored(): Promise<void> {
    return this.#storing;
  }

  /** Reads again what the tenant may have changed. */
  async refresh(): Promise<void> {
    const found = await createInstances(this.#options.redis).read(this.#current.id);
    if (found) this.note({ name: found.name, settings: found.settings });
  }
}
