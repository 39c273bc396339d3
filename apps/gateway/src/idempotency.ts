import { sha256 } from '@flotilla/contracts';
import { apiError } from './errors.ts';

/** Longest key that is accepted (characters). */
const longestKey = 255;

/**
 * The key of an `Idempotency-Key` header: bare, or quoted as the standard's draft writes it.
 * @throws VALIDATION for one that is empty or too long
 */
export function idempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = (Array.isArray(header) ? header.join(',') : header).trim();
  const key = /^"(.*)"$/.exec(text)?.[1]?.replace(/\\(["\\])/g, '$1') ?? text;
  if (key === '') throw apiError('VALIDATION', 'headers/idempotency-key: must not be empty');
  if (key.length > longestKey)
    throw apiError('VALIDATION', `headers/idempotency-key: must have at most ${longestKey} characters`);
  return key;
}

/** The same value with the fields of every object in one order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([field, part]) => [field, ordered(part)]));
}

/**
 * What a request asks for, as a hash: the same for a repetition, whatever the order of its fields.
 * @param command so that one key cannot stand for two commands
 */
export const fingerprint = (command: string, body: unknown) => sha256(JSON.stringify([command, ordered(body)]));
