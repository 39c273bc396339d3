/** Runs jobs one after the other, in the order they came. */
export class Lane {
  #tail: Promise<unknown> = Promise.resolve();

  /** Queues a job and returns its result. A job that fails does not stop the next ones. */
  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(job);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
