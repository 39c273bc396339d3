import type { Category } from './file-name.ts';
import { bytesOf, isObject, type Json } from './json.ts';
import { wrongKeyPair } from './key-pair.ts';

const isBytes = (value: Json | undefined) => (bytesOf(value)?.length ?? 0) > 0;
/** Protobuf classes write their bytes as plain base64. */
const isBytesOrBase64 = (value: Json | undefined) => isBytes(value) || (typeof value === 'string' && value !== '');

/** Says why a key is not of its kind, as the end of a sentence; undefined if it is. */
const checks: Record<Category, (value: Json) => string | undefined> = {
  'pre-key': wrongKeyPair,
  session: (value) =>
    (isObject(value) && isObject(value._sessions)) || isBytes(value) ? undefined : 'is no Signal session',
  'sender-key': (value) => (isBytes(value) || Array.isArray(value) ? undefined : 'is no sender key'),
  'sender-key-memory': (value) => (isObject(value) ? undefined : 'is not an object'),
  'app-state-sync-key': (value) =>
    isObject(value) && isBytesOrBase64(value.keyData) ? undefined : 'is no app state key: keyData is missing',
  'app-state-sync-version': (value) =>
    isObject(value) && typeof value.version === 'number' && isBytes(value.hash)
      ? undefined
      : 'is no app state version: version or hash is missing',
  'lid-mapping': (value) => (typeof value === 'string' && value !== '' ? undefined : 'is not a text'),
  'device-list': (value) =>
    Array.isArray(value) && value.every((device) => typeof device === 'string') ? undefined : 'is not a list of texts',
  tctoken: (value) => (isObject(value) && 'token' in value ? undefined : 'has no token'),
  'identity-key': (value) => (isBytes(value) ? undefined : 'is no identity key'),
};

/** Why this cannot be a key of that category, as the end of a sentence; undefined if it can. */
export const wrongKey = (category: Category, value: Json): string | undefined => checks[category](value);
