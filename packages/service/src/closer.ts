import type { Logger } from './logger.ts';

/** Longest time one thing may take to close unless it says otherwise, in milliseconds. */
const defaultTimeoutMs = 10_000;

interface Entry {
  name: string;
  close: () => unknown;
  timeoutMs: number;
}

/**
 * The one place of a process that knows what is open and closes it: in the reverse order of opening, one after the
 * other, each for a bounded time. A thing that fails or takes too long is logged once and does not keep the next ones
 * open.
 */
export class Closer {
  readonly #log: Pick<Logger, 'error'>;
  readonly #entries: Entry[] = [];
  readonly #abort = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(log: Pick<Logger, 'error'>) {
    this.#log = log;
  }

  /** Aborted as soon as closing begins: hand it to everything that waits. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /**
   * Remembers how to close something that was just opened; `timeoutMs` bounds it (default 10 s). Something that was
   * opened while the process was already closing is closed at once.
   */
  add(name: string, close: () => unknown, { timeoutMs = defaultTimeoutMs }: { timeoutMs?: number } = {}): void {
    this.#entries.push({ name, close, timeoutMs });
    if (this.#closing) this.#closing = this.#closing.then(() => this.#drain());
  }

  /** Closes everything. Never rejects; further calls wait for the same closing. */
  async close(): Promise<void> {
    if (!this.#closing) {
      this.#abort.abort(new Error('The process is closing'));
      this.#closing = this.#drain();
    }
    let seen: Promise<void> | undefined;
    // What is added meanwhile extends the promise.
    while (seen !== this.#closing) {
      seen = this.#closing;
      await seen;
    }
  }

  async #drain(): Promise<void> {
    for (let entry = this.#entries.pop(); entry; entry = this.#entries.pop()) await this.#closeOne(entry);
  }

  async #closeOne({ name, close, timeoutMs }: Entry): Promise<void> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`${name} did not close within ${timeoutMs} ms`)), timeoutMs);
    try {
      await Promise.race([(async () => close())(), late]);
    } catch (error) {
      this.#log.error({ err: error, name }, 'close.failed');
    } finally {
      clearTimeout(timer);
    }
  }
}
