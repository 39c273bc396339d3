import Type, { type Static } from 'typebox';
import { allDialects } from './dialects.ts';

/** What a tenant's API key may do. */
export const scopes = {
  'instances:read': 'See instances, QR codes, messages, chats, contacts, groups and events',
  'instances:write': 'Create, connect, change and delete instances',
  'messages:send': 'Send messages, and do what else the number can: groups, chats, contacts, profile, calls',
  'media:read': 'Fetch files, and make links to them',
  'media:write': 'Store and delete files',
  'webhooks:read': 'See webhooks, deliveries and dead letters',
  'webhooks:write': 'Create, change and delete webhooks; send events again; redrive and delete dead letters',
} as const;
export type Scope = keyof typeof scopes;
export const allScopes = Object.keys(scopes) as Scope[];

const name = Type.String({ minLength: 1, maxLength: 100 });
const dialects = Type.Array(Type.Enum(allDialects), {
  uniqueItems: true,
  description: 'Which dialects (`/compat/…`) the tenant may use. Default: all',
});

export const CreateTenant = Type.Object({ name, dialects: Type.Optional(dialects) }, { additionalProperties: false });
export type CreateTenant = Static<typeof CreateTenant>;

export const UpdateTenant = Type.Object(
  { name: Type.Optional(name), dialects: Type.Optional(dialects) },
  { additionalProperties: false, minProperties: 1 },
);
export type UpdateTenant = Static<typeof UpdateTenant>;

export const Tenant = Type.Object(
  { id: Type.String(), name: Type.String(), dialects, createdAt: Type.Integer({ description: 'Unix ms' }) },
  { $id: 'Tenant' },
);
export type Tenant = Static<typeof Tenant>;

export const CreateApiKey = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: 100 })),
    scopes: Type.Optional(
      Type.Array(Type.Enum(allScopes), { minItems: 1, uniqueItems: true, description: 'Default: all' }),
    ),
    expiresAt: Type.Optional(Type.Integer({ description: 'Unix ms; default: never' })),
  },
  { additionalProperties: false },
);
export type CreateApiKey = Static<typeof CreateApiKey>;

export const ApiKey = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    scopes: Type.Array(Type.Enum(allScopes)),
    createdAt: Type.Integer({ description: 'Unix ms' }),
    expiresAt: Type.Optional(Type.Integer({ description: 'Unix ms' })),
  },
  { $id: 'ApiKey' },
);
export type ApiKey = Static<typeof ApiKey>;

/** Answer to creation only: the key is stored hashed and never shown again. */
export const CreatedApiKey = Type.Object({ ...ApiKey.properties, key: Type.String() }, { $id: 'CreatedApiKey' });
export type CreatedApiKey = Static<typeof CreatedApiKey>;
