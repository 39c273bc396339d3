/** The instance has no credentials, and nobody asked to pair it: nothing was created. */
export class NoCredentialsError extends Error {
  readonly code = 'NO_CREDENTIALS';

  constructor(instance: string) {
    super(`Instance ${instance} has no stored credentials: pair it first`);
    this.name = 'NoCredentialsError';
  }
}

/**
 * The store refused or failed, so what is in memory may not be what is stored. Everything of this auth state rejects
 * with it from then on: close the socket, and load a new auth state. `cause` is the store's own error.
 */
export class AuthStateFailedError extends Error {
  readonly code = 'AUTH_STATE_FAILED';

  constructor(instance: string, action: 'read' | 'written', cause: unknown) {
    super(`Auth state of instance ${instance} could not be ${action}`, { cause });
    this.name = 'AuthStateFailedError';
  }
}

/** Something used the auth state after `close()`. */
export class AuthStateClosedError extends Error {
  readonly code = 'AUTH_STATE_CLOSED';

  constructor(instance: string) {
    super(`Auth state of instance ${instance} is closed`);
    this.name = 'AuthStateClosedError';
  }
}
