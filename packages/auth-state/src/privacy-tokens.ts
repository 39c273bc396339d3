import { AsyncLocalStorage } from 'node:async_hooks';
import type { SignalDataTypeMap, SignalKeyStore } from '@whiskeysockets/baileys';

const category = 'tctoken' satisfies keyof SignalDataTypeMap;

/**
 * Lets Baileys remember that it has issued a privacy token to a contact. It notes so when the server has answered, still
 * in the async context of the transaction that the message was sent in, which has been committed by then: the note is
 * lost, and each message to that contact issues another token, by a query of its own. Nothing else of a transaction
 * depends on tokens, so they are read and written outside of any.
 * @param keys with transactions, as Baileys made them for a socket; to be called before anything is sent
 */
export function keepPrivacyTokens(keys: SignalKeyStore): void {
  const outside = AsyncLocalStorage.snapshot();
  const { get, set } = keys;
  keys.get = (type, ids) => (type === category ? outside(() => get(type, ids)) : get(type, ids));
  keys.set = (data) => (Object.keys(data).every((type) => type === category) ? outside(() => set(data)) : set(data));
}
