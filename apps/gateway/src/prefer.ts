/** Longest time that a request may be held (s): below the idle timeout of common proxies. */
export const longestWaitSeconds = 60;

/**
 * Seconds to wait, from a `Prefer` header such as `wait=10` (RFC 7240); 0 without one.
 * What cannot be understood is ignored, as that standard asks for.
 */
export function preferredWait(header: string | string[] | undefined): number {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  const seconds = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=$|[,;])/i.exec(text)?.[1];
  return Math.min(Number(seconds ?? 0), longestWaitSeconds);
}
