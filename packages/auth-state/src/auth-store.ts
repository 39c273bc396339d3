import type { InboundEntry } from './inbound.ts';

/** One change of an instance's auth state. All of it is stored, or nothing. */
export interface AuthChange {
  /** Field to sealed value. */
  readonly set: ReadonlyMap<string, Buffer>;
  /** Fields to delete. None of them is in `set`. */
  readonly remove: readonly string[];
  /** Messages that were decrypted with the sessions in `set`, oldest first. Not sealed. */
  readonly inbound: readonly InboundEntry[];
}

/**
 * Where the auth state of one instance lives. Implemented by whoever holds the instance's lease, so that every write
 * is fenced; this package knows nothing of leases.
 */
export interface AuthStore {
  /** Reads fields of the auth hash; null means that there is no such field. Rejects when it cannot tell. */
  load(fields: readonly string[]): Promise<(Buffer | null)[]>;
  /**
   * Stores a change in one fenced script. Never called again before the last call has settled. Rejects when fenced or
   * failed; after that nothing more is written, as nobody knows whether it was stored.
   */
  commit(change: AuthChange): Promise<void>;
  /**
   * Whether a message was stored by an earlier commit, by {@link InboundEntry.id}. Asked only when a message cannot be
   * decrypted: after a crash between commit and acknowledgement the server delivers it again, and its key is used up.
   * Known ones are then acknowledged instead of asked for again. Without this method nothing is known.
   */
  received?(id: string): Promise<boolean>;
}

/** Encrypts values at rest: the key ring of `@flotilla/seal`. */
export interface Sealer {
  seal(plaintext: Buffer, context: string): Buffer;
  open(sealed: Buffer, context: string): Buffer;
}
