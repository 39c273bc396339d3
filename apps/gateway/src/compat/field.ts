import Type from 'typebox';
import { apiError } from '../errors.ts';

/** A phone number or name: clients send digits as text and as number. */
export const TextOrNumber = Type.Union([Type.String(), Type.Number()]);

/** The first of these fields that a body has, as text; an empty one counts as none. */
export function textOf(body: unknown, ...names: string[]): string | undefined {
  const fields = (body ?? {}) as Record<string, unknown>;
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string' && value.trim() !== '') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  }
  return undefined;
}

/** Like `textOf`, for what must be there. @throws VALIDATION naming the first of the fields */
export function neededText(body: unknown, ...names: [string, ...string[]]): string {
  const text = textOf(body, ...names);
  if (text === undefined) throw apiError('VALIDATION', `${names[0]}: is missing`);
  return text;
}

/** A file as text: a URL, or the file itself as base64 or `data:` URL. */
export const fileOf = (text: string): { url: string } | { base64: string } =>
  /^https?:\/\//i.test(text.trim()) ? { url: text.trim() } : { base64: text };
