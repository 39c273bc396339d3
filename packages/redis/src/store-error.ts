/** Connection states of the Redis client in which a command cannot be sent or its answer is lost. */
const clientMessages =
  /^(Stream isn't writeable|Connection is closed|Command timed out|Command aborted due to connection close|Connection in subscriber mode|Reached the max retries|All sentinels|None of startup nodes|Failed to refresh slots|Cluster isn't ready|Too many Cluster redirections|Redis connection lost)/;

/** Answers of a server that cannot serve now: starting, demoted, out of memory or disk, without its quorum. */
const serverAnswers =
  /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|OOM|MISCONF|NOREPLICAS|UNBLOCKED|BUSY|NOAUTH|WRONGPASS)/;

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Whether an error, or what caused it, means that Redis cannot be used now, so that the same may succeed later. */
export function isStoreError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.cause !== undefined && isStoreError(error.cause)) return true;
  if (error.name === 'MaxRetriesPerRequestError' || error.name === 'ClusterAllFailedError') return true;
  if ('code' in error && typeof error.code === 'string' && networkCodes.has(error.code)) return true;
  return clientMessages.test(error.message) || serverAnswers.test(error.message);
}
