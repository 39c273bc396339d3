export {
  type AuthState,
  type AuthStateOptions,
  createAuthState,
  transactionOpts,
} from './auth-state.ts';
export type { AuthChange, AuthStore, Sealer } from './auth-store.ts';
export * as curve from './curve.ts';
export { AuthStateClosedError, AuthStateFailedError, NoCredentialsError } from './errors.ts';
export type { InboundEntry } from './inbound.ts';
export { createKeyCache, type KeyCache } from './key-cache.ts';
export { storePairingFirst } from './pairing.ts';
export { makePreKeys } from './pre-keys.ts';
export { keepPrivacyTokens } from './privacy-tokens.ts';
export { curvesOfBaileys, repairCurve } from './repair-curve.ts';
export { repairKeys } from './repair-keys.ts';
export { repairLibsignal } from './repair-libsignal.ts';
export { createSharedCache, type SharedCache } from './shared-cache.ts';
export { makeSignalRepository } from './signal-repository.ts';
export { guardSocket, type Refusal } from './socket-guard.ts';
export { watchStanzas } from './stanzas.ts';
