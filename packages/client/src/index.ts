export { createFlotilla, type Flotilla, type FlotillaOptions } from './client.ts';
export { type ErrorCode, FlotillaError } from './errors.ts';
export type { EventOf, EventType, WebhookEvent } from './events.ts';
export { idempotencyKey } from './idempotency-key.ts';
export {
  type RequestHeaders,
  type VerifyOptions,
  verifyWebhook,
  type WebhookRefusal,
  WebhookVerificationError,
} from './verify-webhook.ts';

import type { components } from './generated/api.ts';

/** The named shapes of the API, such as `Schemas['Instance']`. */
export type Schemas = components['schemas'];
