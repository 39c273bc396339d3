import { AsyncLocalStorage } from 'node:async_hooks';

/** Collects the commits that were asked for while something ran. */
export interface CommitScope {
  readonly commits: Promise<void>[];
}

/** One for the whole process: one per socket makes every promise of Node 20 five times slower at 200 sockets. */
const scopes = new AsyncLocalStorage<CommitScope>();

/**
 * Runs `work` so that its writes to an auth state do not wait for the store; the returned `committed` does. That lets
 * the next Signal operation start on the values in memory while the last one is being stored, and lets both be stored
 * by one script.
 */
export async function inCommitScope<T>(work: () => Promise<T>): Promise<{ result: T; committed: Promise<unknown> }> {
  const scope: CommitScope = { commits: [] };
  const result = await scopes.run(scope, work);
  const committed = Promise.all(scope.commits);
  // Not everyone waits for it, and the auth state reports failures on its own.
  committed.catch(() => {});
  return { result, committed };
}

/** The scope that the caller runs in, if any. */
export const currentScope = (): CommitScope | undefined => scopes.getStore();
