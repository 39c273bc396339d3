import type { JournalEntry } from '@flotilla/instance';

/** How many entries are kept: a message is sent, acknowledged and delivered before many others are. */
const most = 8;
/** How long (ms): far shorter than a journal lives, so that none is taken for there that has expired. */
const keptMs = 60_000;

/**
 * The journal entries that an owner has touched last. Nobody else changes an entry while it owns the instance, and what a
 * former owner believes is refused with its next write, so that nothing has to be read again between two steps of a
 * message.
 */
export class RecentJournals {
  readonly #entries = new Map<string, { entry: JournalEntry; until: number }>();

  get(messageId: string): JournalEntry | undefined {
    const kept = this.#entries.get(messageId);
    return kept && kept.until > performance.now() ? kept.entry : undefined;
  }

  keep(entry: JournalEntry): void {
    this.#entries.delete(entry.messageId);
    this.#entries.set(entry.messageId, { entry, until: performance.now() + keptMs });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= most) break;
      this.#entries.delete(oldest);
    }
  }

  /** Nobody knows what it says now: a write has failed. */
  forget(messageId: string): void {
    this.#entries.delete(messageId);
  }
}
