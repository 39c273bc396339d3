import crypto, { createSecretKey, type KeyObject } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

let isRepaired = false;

/**
 * Has Node's ciphers and HMACs get their keys as objects, whatever they are called with. Given bytes, Node 24 finds out
 * by exceptions that they are none of its objects, which costs four times as much as the cipher itself: a message needs
 * about twenty of them, most of them in Baileys and libsignal. Calling it again does nothing.
 */
export function repairKeys(): void {
  if (isRepaired) return;
  isRepaired = true;
  const { createHmac, createCipheriv, createDecipheriv } = crypto;
  const object = <K>(key: K): K | KeyObject => (key instanceof Uint8Array ? createSecretKey(key) : key);
  crypto.createHmac = (algorithm, key, options) => createHmac(algorithm, object(key), options);
  crypto.createCipheriv = ((algorithm: string, key: never, iv: never, options: never) =>
    createCipheriv(algorithm, object(key), iv, options)) as typeof createCipheriv;
  crypto.createDecipheriv = ((algorithm: string, key: never, iv: never, options: never) =>
    createDecipheriv(algorithm, object(key), iv, options)) as typeof createDecipheriv;
  // For modules that have imported them by name.
  syncBuiltinESMExports();
}
