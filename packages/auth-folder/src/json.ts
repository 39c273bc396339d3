import { AuthFolderError } from './errors.ts';
import { credsFile } from './file-name.ts';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How Baileys writes bytes. */
const asBuffer = (bytes: Buffer): JsonObject => ({ type: 'Buffer', data: bytes.toString('base64') });

/** Bytes, in any of the forms in which versions of Baileys have written them; undefined for anything else. */
export function bytesOf(value: Json | undefined): Buffer | undefined {
  if (!isObject(value)) return undefined;
  const { type, data } = value;
  if (type === 'Buffer' || value.buffer === true) {
    const content = data ?? value.value;
    if (typeof content === 'string') return Buffer.from(content, 'base64');
    return isBytes(content) ? Buffer.from(content) : undefined;
  }
  // A Uint8Array that went through JSON without help: {"0": 5, "1": 18, …}
  const names = Object.keys(value);
  if (names.length === 0 || !names.every((name, index) => name === String(index))) return undefined;
  const values = Object.values(value);
  return isBytes(values) ? Buffer.from(values) : undefined;
}

const isBytes = (value: Json | undefined): value is number[] =>
  Array.isArray(value) && value.every((byte) => typeof byte === 'number' && byte >= 0 && byte <= 255);

/** The same with all bytes written in one form. */
function normalized(value: Json): Json {
  if (Array.isArray(value)) return value.map(normalized);
  if (!isObject(value)) return value;
  const bytes = bytesOf(value);
  if (bytes) return asBuffer(bytes);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, normalized(part)]));
}

/** Reads the text of a file. @throws AuthFolderError if it is no JSON; the error says nothing of what it is */
export function parseFile(file: string, text: string): Json {
  if (text.trim() === '') {
    // What a process that was killed leaves behind, and not rarely.
    const cure = file === credsFile ? '' : '. Baileys would have read it as missing: delete it, and import again';
    throw new AuthFolderError(file, `is empty: writing it was interrupted${cure}`);
  }
  try {
    return normalized(JSON.parse(text) as Json);
  } catch {
    throw new AuthFolderError(file, 'is no JSON: it is damaged, or no file of Baileys');
  }
}
