/** One-time pre-keys of a companion as it uploaded them. */
export interface PreKey {
  id: number;
  publicKey: Buffer;
}

/**
 * The one-time pre-keys of a device, handed out in the order of upload. Packed, because each device uploads 812 and
 * there are thousands of devices: 36 bytes a key instead of several objects.
 */
export class PreKeyStore {
  #ids = new Uint32Array(0);
  #keys: Buffer = Buffer.alloc(0);
  #next = 0;

  /** How many are left. */
  get size(): number {
    return this.#ids.length - this.#next;
  }

  /** Adds uploaded keys; one whose id is already there is not added again. */
  add(preKeys: PreKey[]): void {
    const known = new Set(this.#ids.subarray(this.#next));
    const fresh = preKeys.filter(({ id, publicKey }) => publicKey.length === 32 && !known.has(id));
    const ids = new Uint32Array(this.size + fresh.length);
    ids.set(this.#ids.subarray(this.#next));
    ids.set(
      fresh.map(({ id }) => id),
      this.size,
    );
    this.#keys = Buffer.concat([this.#keys.subarray(32 * this.#next), ...fresh.map(({ publicKey }) => publicKey)]);
    this.#ids = ids;
    this.#next = 0;
  }

  /** Takes one away; undefined if none is left. */
  take(): PreKey | undefined {
    const id = this.#ids[this.#next];
    if (id === undefined) return undefined;
    const publicKey = Buffer.from(this.#keys.subarray(32 * this.#next, 32 * this.#next + 32));
    this.#next += 1;
    return { id, publicKey };
  }
}
