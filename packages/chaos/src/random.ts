/** Numbers that look random and are the same for the same seed: what a plan is made of. */
export class Random {
  #state: number;

  /** @param seed any integer @param purpose so that two plans from one seed have nothing in common */
  constructor(seed: number, purpose = '') {
    this.#state = hash(`${seed} ${purpose}`);
  }

  /** From 0 to 1, without 1 (splitmix32). */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = this.#state ^ (this.#state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }

  /** From `low` to `high`, with two digits, so that it reads well in a plan. */
  between(low: number, high: number): number {
    return Math.round((low + this.next() * (high - low)) * 100) / 100;
  }

  /** One of these. */
  one<T>(choices: readonly [T, ...T[]]): T {
    return choices[Math.floor(this.next() * choices.length)] ?? choices[0];
  }

  /** The same, in another order. */
  shuffled<T>(all: readonly T[]): T[] {
    return all
      .map((value) => ({ value, place: this.next() }))
      .sort((a, b) => a.place - b.place)
      .map(({ value }) => value);
  }

  /** Another seed. */
  seed(): number {
    return Math.floor(this.next() * 2 ** 31);
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value | 0;
}
