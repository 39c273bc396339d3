export { createKeyRing, generateKey, type KeyRing, KeyRingError, TamperedError, UnknownKeyError } from './key-ring.ts';
