import type { webhooks } from './generated/api.ts';

/** The types of all events. */
export type EventType = keyof webhooks;

/** An event of one type, as it is posted to a webhook. */
export type EventOf<T extends EventType> = webhooks[T]['post']['requestBody']['content']['application/json'];

/** Any event: `type` tells which, and so what `data` is. */
export type WebhookEvent = { [T in EventType]: EventOf<T> }[EventType];
