import { randomBytes } from 'node:crypto';

/** An id as phones make them. */
export function randomMessageId(): string {
  return `3A${randomBytes(9).toString('hex').toUpperCase()}`;
}
