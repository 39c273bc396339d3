import { createHash } from 'node:crypto';

/**
 * A key for the header `Idempotency-Key` out of what a request is about, such as `idempotencyKey('order', 17, 'shipped')`.
 * The same parts give the same key in every process, so that a request which is repeated after a crash, without anything
 * having been stored, sends nothing twice.
 * @param parts what makes this message a different one from every other that is sent through the same instance
 */
export function idempotencyKey(...parts: readonly (string | number)[]): string {
  if (parts.length === 0) throw new TypeError('Say what the request is about: idempotencyKey("order", 17)');
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
