/** A step of the tour that did not come out as it should. */
class StepFailedError extends Error {
  override readonly name = 'StepFailedError';
  readonly step: string;

  constructor(step: string, cause: unknown) {
    super(`${step}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.step = step;
  }
}

/** Runs the steps of the tour, one readable line each. */
export class Steps {
  readonly #write: (line: string) => void;
  #count = 0;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /**
   * Does one step and prints what it has proved.
   * @param title what is done
   * @param work does it
   * @param proof what its result shows, for the line
   * @throws StepFailedError with the step's title
   */
  async do<T>(title: string, work: () => Promise<T>, proof: (result: T) => string): Promise<T> {
    const began = performance.now();
    try {
      const result = await work();
      this.#count += 1;
      const seconds = ((performance.now() - began) / 1_000).toFixed(1);
      this.#write(`${String(this.#count).padStart(2)}. ${title.padEnd(34)} ${proof(result)} (${seconds} s)`);
      return result;
    } catch (error) {
      throw new StepFailedError(title, error);
    }
  }

  /** A line that belongs to no step. */
  say(line: string): void {
    this.#write(line);
  }
}
