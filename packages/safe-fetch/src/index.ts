export { createSafeAgent, type SafeAgentOptions } from './agent.ts';
export { checkUrl, type UrlPolicy } from './check-url.ts';
export { AddressRefusedError, ConnectError, FetchTimeoutError } from './errors.ts';
export { type AddressPolicy, createAddressPolicy } from './policy.ts';
export type { ResolveAll, Resolved } from './resolve.ts';
export { type SafeFetchOptions, type SafeResponse, safeFetch } from './safe-fetch.ts';
export { type PendingPost, type SafePostOptions, safePost } from './safe-post.ts';
export { type SafeStream, type SafeStreamOptions, safeStream } from './safe-stream.ts';
