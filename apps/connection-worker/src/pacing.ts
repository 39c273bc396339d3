/** Keeps an instance's sends apart, as its settings say: a number that sends like a machine gets banned. */
export class Pacing {
  #nextAt = 0;
  #gapMs: number;

  /** @param sendsPerMinute undefined: no limit */
  constructor(sendsPerMinute?: number) {
    this.#gapMs = gapMs(sendsPerMinute);
  }

  /** Changes the pace from the next send on. */
  set(sendsPerMinute?: number): void {
    this.#gapMs = gapMs(sendsPerMinute);
  }

  /** Resolves when the next send may start. */
  async turn(): Promise<void> {
    const now = performance.now();
    const wait = this.#nextAt - now;
    this.#nextAt = Math.max(now, this.#nextAt) + this.#gapMs;
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

const gapMs = (sendsPerMinute?: number) => (sendsPerMinute === undefined ? 0 : 60_000 / sendsPerMinute);
