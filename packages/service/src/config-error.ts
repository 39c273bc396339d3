/**
 * The operator has to change something outside the program: a variable, a secret file, a port that is taken.
 * `message` is the whole story in one sentence, naming the variable and the cure, never its value (it may be a
 * secret). {@link run} prints it bare, without a stack, and exits with 1.
 */
export class ConfigError extends Error {
  /** Lets packages that do not depend on this one raise the same kind of error. */
  readonly code = 'INVALID_CONFIG';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConfigError';
  }
}

/** True for {@link ConfigError} and for any other error that carries the code `INVALID_CONFIG`. */
export function isConfigError(error: unknown): error is Error & { code: 'INVALID_CONFIG' } {
  return error instanceof Error && (error as { code?: unknown }).code === 'INVALID_CONFIG';
}
