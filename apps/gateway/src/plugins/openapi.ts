import { STATUS_CODES } from 'node:http';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { ErrorBody, type ErrorCode, errors } from '@flotilla/contracts';
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { compatPath } from '../compat/dialect.ts';
import { eventWebhooks } from '../event-webhooks.ts';
import { formSchema } from '../form-schema.ts';
import { namedSchemas, withReferences } from '../named-schemas.ts';
import { describeAccess } from './access.ts';

const tags = [
  { name: 'Tenants', description: 'Who uses the fleet, and the API keys they use it with. For the operator.' },
  { name: 'Instances', description: 'WhatsApp numbers: creating them, linking a phone, connecting.' },
  { name: 'Messages', description: 'Sending, and what became of what was sent.' },
  { name: 'Chats', description: 'Presence, reading, archiving, history. Most need an open connection.' },
  { name: 'Contacts', description: 'Who is on WhatsApp, the phone book, the block list, labels.' },
  { name: 'Groups', description: 'Groups of the number: members, settings, invitations.' },
  { name: 'Profile', description: "The number's own profile, privacy and restrictions." },
  { name: 'Channels', description: 'Channels that the number follows.' },
  { name: 'Calls', description: 'Calls that ring, and links to calls.' },
  { name: 'Events', description: 'What happens, as it happens: a stream that can be resumed.' },
  { name: 'Media', description: 'Files: storing them for sending, fetching what was received.' },
  { name: 'Webhooks', description: 'Where events are delivered, and what could not be.' },
  { name: 'Operations', description: 'For probes, monitoring and orchestration.' },
];

const introduction = `
WhatsApp numbers behind one HTTP API. The operator creates tenants and their API keys; with a key, a tenant creates
instances (one for each number), links a phone to each by QR code or pairing code, and sends. What happens at an
instance is delivered to webhooks, and can be followed live.

Send the key as \`Authorization: Bearer <key>\` or \`x-api-key: <key>\`. What belongs to another tenant is answered
like what does not exist. All times are Unix milliseconds. Lists are paged: give \`nextCursor\` back as \`cursor\`.

Every error is \`{statusCode, code, error, message}\`; decide by \`code\`. After 503 repeat the request once the seconds in
\`Retry-After\` are over, with the same \`Idempotency-Key\` if it sends something.
`.trim();

const bodyErrors: ErrorCode[] = ['VALIDATION', 'MALFORMED_JSON', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];

/** Every error that a route may answer with: its own, and what follows from its schema and its access. */
function errorsOf({ schema, config }: RouteOptions): ErrorCode[] {
  const access = config?.access ?? 'public';
  const codes = new Set<ErrorCode>(config?.errors ?? []);
  if (schema?.body) for (const code of bodyErrors) codes.add(code);
  if (schema?.querystring || schema?.headers) codes.add('VALIDATION');
  if (access === 'public') return [...codes];
  for (const code of ['KEY_MISSING', 'KEY_INVALID', 'STORE_UNAVAILABLE', 'INTERNAL'] as const) codes.add(code);
  if (access === 'operator') codes.add('OPERATOR_ONLY');
  else codes.add('SCOPE_MISSING').add('TENANT_KEY_NEEDED').add('TOO_MANY_REQUESTS');
  return [...codes];
}

/** Responses of a route for its errors, by status. */
function errorResponses(codes: readonly ErrorCode[]) {
  const byStatus = Map.groupBy(codes, (code) => errors[code].statusCode);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\`: ${errors[code].message.replace('%s', '…')}`).join('\n\n'),
        content: { 'application/json': { schema: ErrorBody } },
      },
    ]),
  );
}

/** Responses of a route for its success, each with the name of its status where its schema says nothing better. */
function successResponses(response: unknown) {
  return Object.fromEntries(
    Object.entries((response ?? {}) as Record<string, { description?: string; content?: unknown }>).map(
      ([status, schema]) => {
        if (schema.content || status === '204') return [status, schema];
        const description = schema.description ?? STATUS_CODES[status] ?? status;
        return [status, { description, content: { 'application/json': { schema } } }];
      },
    ),
  );
}

/** Documents what follows from a route's access and errors, so that no route has to repeat it. */
export const routeDocumentation = fastifyPlugin(
  async (app: FastifyInstance) => {
    app.addHook('onRoute', (route) => {
      const { schema, config } = route;
      if (!schema || schema.hide) return;
      const access = config?.access ?? 'public';
      route.schema = {
        ...schema,
        description: [schema.description, describeAccess(access)].filter(Boolean).join('\n\n'),
        security: access === 'public' ? [] : [{ bearer: [] }, { apiKey: [] }],
        response: { ...successResponses(schema.response), ...errorResponses(errorsOf(route)) },
      };
    });
  },
  { name: 'route-documentation' },
);

/** The schema of a route that takes files, with the form that it takes in place of JSON. */
function withForm(schema: FastifySchema | undefined, { config }: RouteOptions): FastifySchema | undefined {
  if (!config?.takesFiles || !schema?.body) return schema;
  const { body } = schema;
  const content = {
    'application/json': { schema: body },
    'multipart/form-data': { schema: formSchema(body as Parameters<typeof formSchema>[0]) },
  };
  return { ...schema, body: { content } };
}

/** The API's description at `/openapi.json`, and to read and try at `/docs`. */
export const openapi = fastifyPlugin(
  async (app: FastifyInstance, { version }: { version: string }) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Flotilla',
          version,
          description: introduction,
          license: { name: 'MIT', identifier: 'MIT' },
        },
        servers: [{ url: '/' }],
        tags,
        webhooks: eventWebhooks(),
        components: {
          schemas: namedSchemas(),
          securitySchemes: {
            bearer: { type: 'http', scheme: 'bearer', description: "A tenant's API key, or the operator key" },
            apiKey: {
              type: 'apiKey',
              in: 'header',
              name: 'x-api-key',
              description: 'The same, in a header of its own',
            },
          },
        },
      },
      // Dialects describe themselves, each at a URL of its own.
      transform: ({ schema, url, route }) => ({
        url,
        schema: url.startsWith(`${compatPath}/`)
          ? { hide: true }
          : (withReferences(withForm(schema, route)) as FastifySchema),
      }),
    });
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      uiConfig: { persistAuthorization: true, docExpansion: 'list' },
    });
    app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  },
  { name: 'openapi' },
);

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Errors of the route's own; those of keys, bodies and the store go without saying. */
    errors?: readonly ErrorCode[];
    /** The body may have files, and be a form then. */
    takesFiles?: boolean;
  }
}
