import Type, { type Static } from 'typebox';
import { type EventType, events } from './events/envelope.ts';

/** What the body of a delivery looks like, with where each shape is known from. */
export const webhookFormats = {
  native: 'The event as this API describes it',
  luna: 'The four events of luna-whatsapp-service, with messages as Baileys has them',
  'multi-instance': 'The five events of whatsapp-multi-instance-api',
  'qr-service': 'The notifications of whatsapp-qr-service, posted to its two paths below the URL',
  wwebjs: 'The two events of whatsapp-service, with messages as whatsapp-web.js has them',
} as const;
export type FormatName = keyof typeof webhookFormats;

const format = Type.Enum(Object.keys(webhookFormats) as FormatName[], {
  description: Object.entries(webhookFormats)
    .map(([name, meaning]) => `\`${name}\`: ${meaning}`)
    .join('. '),
});

const eventTypes = Object.keys(events) as EventType[];

/** What an event filter may hold: `*`, the beginnings of types with `.*` behind them, and the types. */
export const eventPatterns = [
  '*',
  ...new Set(eventTypes.map((type): `${string}.*` => `${type.slice(0, type.lastIndexOf('.'))}.*`)),
  ...eventTypes,
] as const;
export type EventPattern = (typeof eventPatterns)[number];

const eventFilter = Type.Array(
  Type.Enum([...eventPatterns], {
    description: 'An event type, all that begin alike (`messages.*`), or `*` for all',
  }),
  { minItems: 1, uniqueItems: true, maxItems: 50 },
);
const url = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: 'Where events are posted; must be a public address',
});
const instances = Type.Array(Type.String(), {
  maxItems: 1000,
  description: 'Only events of these instances; empty: of all',
});
const headers = Type.Record(
  Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$" }),
  Type.String({ maxLength: 1_024, pattern: '^[\\x20-\\x7e]*$' }),
  {
    maxProperties: 20,
    additionalProperties: false,
    description:
      'Sent with every delivery. Values are secrets: stored encrypted, and shown as their last characters. Names that HTTP or this API uses are refused',
  },
);
/**
 * How an endpoint gets the events of one instance:
 * - `ordered`: one after the other; what fails holds up those behind it
 * - `unordered`: each as soon as there is room; what fails holds up nothing
 */
export const orderings = ['ordered', 'unordered'] as const;
export type Ordering = (typeof orderings)[number];
const ordering = Type.Enum([...orderings], {
  description:
    '`ordered`: an event is tried when its predecessor of the same instance is delivered or given up. `unordered`: events do not wait for each other',
});
const concurrency = Type.Integer({
  minimum: 1,
  maximum: 1_000,
  description: 'The most requests under way at once; the operator may allow less',
});
const compress = Type.Enum(['none', 'gzip'], { description: '`gzip`: bodies are sent with content-encoding gzip' });
const description = Type.String({ maxLength: 500 });
const ownSecret = Type.String({
  maxLength: 200,
  description: 'A signing secret of your own: `whsec_` and 24 to 64 bytes in base64. Default: a new one',
});

const settings = {
  events: Type.Optional(eventFilter),
  instances: Type.Optional(instances),
  format: Type.Optional(format),
  description: Type.Optional(description),
  headers: Type.Optional(headers),
  ordering: Type.Optional(ordering),
  concurrency: Type.Optional(concurrency),
  compress: Type.Optional(compress),
  enabled: Type.Optional(Type.Boolean()),
};

export const CreateWebhook = Type.Object(
  { url, ...settings, secret: Type.Optional(ownSecret) },
  { additionalProperties: false },
);
export type CreateWebhook = Static<typeof CreateWebhook>;

export const UpdateWebhook = Type.Object(
  { url: Type.Optional(url), ...settings },
  { additionalProperties: false, minProperties: 1 },
);
export type UpdateWebhook = Static<typeof UpdateWebhook>;

export const RotateSecret = Type.Object(
  {
    secret: Type.Optional(ownSecret),
    overlapSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 604_800,
        description: 'How long the old secrets go on signing beside the new one; a day unless said otherwise',
      }),
    ),
  },
  { additionalProperties: false },
);
export type RotateSecret = Static<typeof RotateSecret>;

export const Webhook = Type.Object(
  {
    id: Type.String(),
    url: Type.String(),
    events: Type.Array(Type.String()),
    instances: Type.Array(Type.String()),
    format,
    description: Type.String(),
    headers: Type.Record(Type.String(), Type.String(), {
      description: 'Names, with the last characters of the values',
    }),
    ordering,
    concurrency: Type.Optional(concurrency),
    compress,
    enabled: Type.Boolean(),
    disabledReason: Type.Optional(Type.String({ description: 'Why we disabled it, such as an answer of 410' })),
    createdAt: Type.Integer({ description: 'Unix ms' }),
  },
  { $id: 'Webhook' },
);
export type Webhook = Static<typeof Webhook>;

/** Answer to creation only: the secret is never shown again. */
export const CreatedWebhook = Type.Object(
  {
    ...Webhook.properties,
    secret: Type.String({ description: 'Signs every delivery (Standard Webhooks); shown only now' }),
  },
  { $id: 'CreatedWebhook' },
);
export type CreatedWebhook = Static<typeof CreatedWebhook>;

/** One HTTP try. */
export const Attempt = Type.Object({
  at: Type.Integer({ description: 'Unix ms' }),
  ms: Type.Integer({ description: 'How long it took' }),
  status: Type.Optional(Type.Integer({ description: 'HTTP status, if there was an answer' })),
  error: Type.Optional(Type.String({ description: '`timeout`, `connect`, `address-refused`, `status`' })),
  address: Type.Optional(Type.String({ description: 'The address that was dialled' })),
  response: Type.Optional(Type.String({ description: 'The beginning of the answer' })),
});
export type Attempt = Static<typeof Attempt>;

/** What became of a test event. */
export const WebhookTest = Type.Object(
  {
    ...Attempt.properties,
    id: Type.String({ description: "The test event's id: what the header webhook-id said" }),
    ok: Type.Boolean({ description: 'Whether a delivery would have counted as a success: a status from 200 to 299' }),
  },
  { $id: 'WebhookTest' },
);
export type WebhookTest = Static<typeof WebhookTest>;

export const deliveryStates = ['pending', 'delivered', 'retrying', 'dead'] as const;

/** One event on its way to one endpoint. */
export const Delivery = Type.Object(
  {
    id: Type.String({ description: "The event's id: what the header webhook-id says" }),
    webhook: Type.String(),
    instance: Type.String(),
    type: Type.String(),
    sequence: Type.Integer(),
    state: Type.Enum([...deliveryStates]),
    nextAttemptAt: Type.Optional(Type.Integer({ description: 'Unix ms' })),
    via: Type.Optional(
      Type.String({
        description: 'The replay that sent it again, or `resend`; absent when it was sent as it happened',
      }),
    ),
    attempts: Type.Array(Attempt),
  },
  { $id: 'Delivery' },
);
export type Delivery = Static<typeof Delivery>;

export const DeadLetter = Type.Object(
  {
    id: Type.String({ description: 'Webhook and event: what redrive takes' }),
    webhook: Type.String(),
    eventId: Type.String(),
    instance: Type.String(),
    type: Type.String(),
    sequence: Type.Integer(),
    deadAt: Type.Integer({ description: 'Unix ms at which we gave up' }),
    attempts: Type.Array(Attempt),
  },
  { $id: 'DeadLetter' },
);
export type DeadLetter = Static<typeof DeadLetter>;

/** A webhook endpoint as Redis holds it (JSON in the HASH `tenantKeys.endpoints`). */
export interface EndpointRecord extends Omit<Webhook, 'headers'> {
  tenant: string;
  /** Custom headers: values sealed (base64) with the context `endpointHeaderContext(id, name)`, and what is shown of them. */
  headers: Record<string, { sealed: string; shown: string }>;
  /** Signing secrets, newest first, sealed (base64) with the context `endpointSecretContext(id)`. */
  secrets: { sealed: string; expiresAt?: number }[];
}

/** What a sealed signing secret is bound to, so that it cannot be moved to another endpoint. */
export const endpointSecretContext = (endpoint: string) => `webhook-secret:${endpoint}`;

/** What a sealed header value is bound to. */
export const endpointHeaderContext = (endpoint: string, name: string) => `webhook-header:${endpoint}:${name}`;
