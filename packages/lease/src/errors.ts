/** The instance belongs to another owner or epoch by now, or to nobody: close the socket and forget what it had. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
  readonly instance: string;
  readonly epoch: number;

  constructor({ instance, epoch }: { instance: string; epoch: number }, options?: ErrorOptions) {
    super(`Instance ${instance} is no longer owned in epoch ${epoch}`, options);
    this.instance = instance;
    this.epoch = epoch;
  }
}

/** This worker's lease does not hold (now, or for ever): nothing may be sent, written or published under it. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}
