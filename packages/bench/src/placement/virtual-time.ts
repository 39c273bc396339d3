/**
 * Virtual time: what takes seconds in a fleet takes as long as its decisions do. Processes are generators that yield
 * whatever they wait for; the earliest goes on next, and of several at the same time the one that came first.
 */

/** Waits until a moment (ms of virtual time), or for ever if somebody else is to wake the process. */
type Wait = { until: number } | { forEver: (wake: () => void) => void };
export type Process<T = void> = Generator<Wait, T, undefined>;

interface Event {
  at: number;
  order: number;
  run: () => void;
}

/** A clock with a queue of what happens. */
export class VirtualTime {
  #now = 0;
  #order = 0;
  #events = 0;
  /** A binary heap. */
  readonly #heap: Event[] = [];

  /** ms since the beginning. */
  get now(): number {
    return this.#now;
  }

  /** How much has happened. */
  get events(): number {
    return this.#events;
  }

  /** Has something happen after so many ms. */
  after(ms: number, run: () => void): void {
    this.#push({ at: this.#now + Math.max(0, ms), order: this.#order++, run });
  }

  /** Starts a process. It ends by itself, or when `isOver` says so at the next of its waits. */
  start(process: Process, isOver: () => boolean = () => false): void {
    const step = () => {
      if (isOver()) {
        process.return(undefined);
        return;
      }
      const { done, value } = process.next();
      if (done) return;
      if ('until' in value) this.after(value.until - this.#now, step);
      else value.forEver(() => this.after(0, step));
    };
    step();
  }

  /** Lets happen what is to happen until a moment, or until nothing is left. */
  runUntil(moment: number, isOver: () => boolean = () => false): void {
    for (;;) {
      const [next] = this.#heap;
      if (next === undefined || next.at > moment || isOver()) break;
      this.#pop();
      this.#now = next.at;
      this.#events += 1;
      next.run();
    }
    if (!isOver()) this.#now = Math.max(this.#now, moment);
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isEarlier(event, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [a, b] = [heap[left], heap[left + 1]];
      if (a === undefined) break;
      const isRight = b !== undefined && isEarlier(b, a);
      const least = isRight ? b : a;
      if (!isEarlier(least, last)) break;
      heap[at] = least;
      at = isRight ? left + 1 : left;
    }
    heap[at] = last;
  }
}

const isEarlier = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Waits so many ms. */
export function* sleep(time: VirtualTime, ms: number): Process {
  yield { until: time.now + ms };
}

/** Several processes side by side; goes on when all have ended. */
export function* together(time: VirtualTime, processes: readonly Process[], isOver?: () => boolean): Process {
  let left = processes.length;
  let wake: (() => void) | undefined;
  const counted = function* (process: Process): Process {
    yield* process;
    left -= 1;
    if (left === 0) wake?.();
  };
  for (const process of processes) time.start(counted(process), isOver);
  if (left > 0) yield { forEver: (resume) => (wake = resume) };
}

/** Numbers from 0 to 1 that follow from a seed: xorshift. */
export function seeded(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}
