/** How many keys are kept: an instance writes to few chats at a time. */
const most = 16;

/**
 * Fields of hashes that nobody but the owner of an instance changes. What was read once is good until the owner writes to
 * that key: so a stale owner may believe an old value, but nothing that it does with it is stored.
 */
export class OwnedFields {
  readonly #known = new Map<string, Promise<string | null>>();

  /** What the field of this key holds. @param read asks Redis; what it rejects with is not kept */
  get(key: string, read: () => Promise<string | null>): Promise<string | null> {
    const known = this.#known.get(key);
    if (known) return known;
    const asked = read();
    this.#known.set(key, asked);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= most) break;
      this.#known.delete(oldest);
    }
    asked.catch(() => {
      if (this.#known.get(key) === asked) this.#known.delete(key);
    });
    return asked;
  }

  /**
   * To be called before and after a write to these keys: what is read in between may be what was there before.
   */
  forget(keys: Iterable<string>): void {
    if (this.#known.size === 0) return;
    for (const key of keys) this.#known.delete(key);
  }
}
