import swagger from '@fastify/swagger';
import { allScopes } from '@flotilla/contracts';
import type { FastifyError, FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { KeyHolder } from '../api-keys.ts';
import { apiError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { accessControl, describeAccess, keyOf, sameSecret, tenantOf } from '../plugins/access.ts';
import { type ErrorShape, sendError } from '../plugins/errors.ts';
import { type Binding, keyVariable } from './bindings.ts';
import { createBoundPorts } from './bound-ports.ts';
import { compatPath, type Dialect, type DialectParts } from './dialect.ts';
import { subscribe } from './subscription.ts';

export interface CompatibilityOptions {
  parts: Parts;
  dialects: readonly Dialect[];
  bindings: readonly Binding[];
  operatorKey: string;
  /** Whether a request for another protocol is taken up. */
  isUpgrade(request: FastifyRequest['raw']): boolean;
}

/** No variables: a request to the API's own port. */
const none: Readonly<Record<string, string>> = {};

/**
 * Every dialect below `/compat/<name>`, with its own errors and its own description, and, at ports of their own, those
 * that are bound to a tenant.
 */
export const compatibility = fastifyPlugin(
  async (app: FastifyInstance, { parts, dialects, bindings, operatorKey, isUpgrade }: CompatibilityOptions) => {
    const ports = createBoundPorts(app, bindings, isUpgrade);
    const bindingOf = (request: FastifyRequest) => ports.bindingOf(request.raw);
    app.addHook('preClose', () => ports.close());

    /** Does once what a port's variables ask for. What fails is tried again with the next request. */
    const prepared = new Map<Binding, Promise<void>>();
    const prepare = (binding: Binding): Promise<void> => {
      const events = eventsOf(dialects, binding);
      const begun =
        prepared.get(binding) ??
        (async () => {
          if (!(await parts.tenants.get(binding.tenant))) {
            app.log.error({ port: binding.port, dialect: binding.dialect }, 'compat.tenant-unknown');
            return;
          }
          if (events) await subscribe(parts, binding.tenant, { dialect: events.format }, { url: events.url });
        })();
      prepared.set(binding, begun);
      begun.catch(() => prepared.delete(binding));
      return begun;
    };
    app.decorate('openBindings', async (host: string) => {
      await ports.open(host);
      for (const binding of bindings) {
        app.log.info({ port: binding.port, dialect: binding.dialect, tenant: binding.tenant }, 'compat.bound');
        prepare(binding).catch((error: Error) => app.log.warn({ cause: error.message }, 'compat.not-prepared'));
      }
    });

    const holderByPort = (request: FastifyRequest): KeyHolder | undefined => {
      const binding = bindingOf(request);
      if (!binding) return undefined;
      const expected = binding.variables[keyVariable];
      const key = keyOf(request);
      if (expected !== undefined && key === undefined) throw apiError('KEY_MISSING');
      if (expected !== undefined && !sameSecret(key ?? '', expected)) throw apiError('KEY_INVALID');
      return { tenant: binding.tenant, keyId: `port ${binding.port}`, scopes: allScopes, isPort: true };
    };

    for (const dialect of dialects) {
      const path = `${compatPath}/${dialect.name}`;
      const shape: ErrorShape = ({ message, ...answer }) =>
        dialect.errorShape({ ...answer, message: withoutRoutes(message) });
      const dialectParts: DialectParts = {
        ...parts,
        variablesOf: (request) => bindingOf(request)?.variables ?? none,
        baseUrlOf: (request) =>
          bindingOf(request)?.variables.BASE_URL?.replace(/\/+$/, '') ??
          `${request.protocol}://${request.host}${bindingOf(request) ? '' : path}`,
      };
      await app.register(
        async (scope) => {
          scope.setErrorHandler((error: FastifyError, request, reply) => sendError(error, request, reply, shape));
          scope.setNotFoundHandler((request, reply) => {
            const asked = request.url.split('?')[0]?.slice(path.length, path.length + 200);
            const error = apiError('ROUTE_NOT_FOUND', `${request.method} ${asked}`);
            return sendError(error, request, reply, shape);
          });
          await describe(scope, dialect, path);
          await scope.register(accessControl, {
            apiKeys: parts.apiKeys,
            tickets: parts.tickets,
            operatorKey,
            holderByPort,
          });
          scope.addHook('onRequest', async (request) => {
            const { access } = request.routeOptions.config;
            if (access === undefined || access === 'public') return;
            const tenant = await parts.tenants.get(tenantOf(request));
            if (!tenant) throw apiError('ROUTE_NOT_FOUND', 'tenant behind this port');
            if (!tenant.dialects.includes(dialect.name))
              throw apiError('ROUTE_NOT_FOUND', `dialect ${dialect.name} for this tenant`);
            const binding = bindingOf(request);
            if (binding) await prepare(binding);
          });
          scope.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, (request) => ({
            ...scope.getDecorator<() => object>(decorator)(),
            servers: [{ url: bindingOf(request) ? '/' : path }],
          }));
          await scope.register(dialect.routes, dialectParts);
        },
        { prefix: path },
      );
    }
  },
  { name: 'compatibility' },
);

/** Where a port's variables say that events are posted, and in which format. */
function eventsOf(dialects: readonly Dialect[], { dialect, variables }: Binding) {
  const events = dialects.find(({ name }) => name === dialect)?.events;
  const url = events && variables[events.variable];
  return events && url !== undefined ? { format: events.format, url } : undefined;
}

/** A message without its hints to routes and pages that only the API itself has. */
const withoutRoutes = (message: string) =>
  message.replace(/ \((?:GET|POST) …[^)]*\)/g, '').replace(/: see \/docs$/, '');

/** Under this name each dialect's scope has its description. */
const decorator = 'describeDialect';

/** Makes a description of all routes that are added to the scope from now on. */
async function describe(scope: FastifyInstance, dialect: Dialect, path: string): Promise<void> {
  scope.addHook('onRoute', (route) => {
    const { schema, config } = route;
    if (!schema || schema.hide) return;
    const access = config?.access ?? 'public';
    route.schema = {
      ...schema,
      description: [schema.description, describeAccess(access)].filter(Boolean).join('\n\n'),
      security: access === 'public' ? [] : [{ bearer: [] }, { apiKey: [] }, { apikey: [] }],
      response: {
        ...(schema.response as object | undefined),
        '4xx': dialect.errorSchema,
        '5xx': dialect.errorSchema,
      },
    };
  });
  const header = (name: string) => ({ type: 'apiKey', in: 'header', name }) as const;
  await scope.register(swagger, {
    decorator: decorator as 'swagger',
    openapi: {
      openapi: '3.1.0',
      info: { title: dialect.title, version: '1.0.0', description: dialect.description },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          apiKey: header('x-api-key'),
          apikey: header('apikey'),
        },
      },
    },
    transform: ({ schema, url }) => ({ url: url.slice(path.length) || '/', schema: schema as FastifySchema }),
  });
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Opens the ports that are bound to a tenant. */
    openBindings(host: string): Promise<void>;
  }
}
