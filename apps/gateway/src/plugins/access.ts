import { timingSafeEqual } from 'node:crypto';
import { type Scope, scopes, sha256 } from '@flotilla/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { ApiKeys, KeyHolder } from '../api-keys.ts';
import { apiError } from '../errors.ts';
import type { Tickets } from '../tickets.ts';

/** Who may use a route: anybody, the operator, or keys of a tenant with a scope. */
export type Access = 'public' | 'operator' | Scope;

const sameHash = (a: string, b: string) => timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** Compares secrets without telling by time how much of them agrees, or how long they are. */
export const sameSecret = (a: string, b: string) => sameHash(sha256(a), sha256(b));

/** The key that a request carries: `Authorization: Bearer`, `x-api-key` or `apikey`. */
export function keyOf({ headers }: FastifyRequest): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  const other = headers['x-api-key'] ?? headers.apikey;
  return bearer ?? (typeof other === 'string' && other !== '' ? other : undefined);
}

interface AccessOptions {
  apiKeys: ApiKeys;
  tickets: Tickets;
  operatorKey: string;
  /** Whom a request stands for by the port it came in by; throws if that asks for a key of its own. */
  holderByPort?: (request: FastifyRequest) => KeyHolder | undefined;
}

/**
 * Lets a request through only if its key may do what its route does. Every route must say who may use it
 * (`config.access`): one that forgets to is refused at start.
 */
export const accessControl = fastifyPlugin(
  async (app: FastifyInstance, { apiKeys, tickets, operatorKey, holderByPort }: AccessOptions) => {
    const operatorHash = sha256(operatorKey);
    app.addHook('onRoute', ({ method, url, config }) => {
      if (config?.access === undefined) throw new Error(`${method} ${url} does not say who may use it`);
    });

    /** Whom a ticket in the query stands for, where the route takes one. Only who may use the route gets tickets. */
    const holderByTicket = async ({ routeOptions, query }: FastifyRequest) => {
      const { ticket } = query as { ticket?: unknown };
      if (!routeOptions.config.takesTickets || typeof ticket !== 'string') return undefined;
      const holder = await tickets.redeem(ticket);
      if (!holder) throw apiError('TICKET_INVALID');
      return holder;
    };

    app.addHook('onRequest', async (request) => {
      const { access } = request.routeOptions.config;
      // Without a route there is nothing to protect: the answer is 404.
      if (access === undefined || access === 'public') return;
      const bound = access === 'operator' ? undefined : holderByPort?.(request);
      if (bound) {
        request.holder = bound;
        return;
      }
      const key = keyOf(request);
      if (key === undefined) {
        const holder = await holderByTicket(request);
        if (!holder) throw apiError('KEY_MISSING');
        request.holder = holder;
        return;
      }
      const hash = sha256(key);
      const isOperator = sameHash(hash, operatorHash);
      if (access === 'operator' && isOperator) return;
      if (isOperator) throw apiError('TENANT_KEY_NEEDED');
      const holder = await apiKeys.holder(hash);
      if (!holder) throw apiError('KEY_INVALID');
      request.holder = holder;
      if (access === 'operator') throw apiError('OPERATOR_ONLY');
      if (!holder.scopes.includes(access)) throw apiError('SCOPE_MISSING', access);
    });
  },
  { name: 'access-control' },
);

/** The tenant on whose behalf a request is made. Only for routes whose access is a scope. */
export function tenantOf(request: FastifyRequest): string {
  if (!request.holder) throw new Error(`${request.routeOptions.url} is not a route of tenants`);
  return request.holder.tenant;
}

/** For the API's documentation. */
export const describeAccess = (access: Access): string => {
  if (access === 'public') return 'Needs no key.';
  return access === 'operator' ? 'Needs the operator key.' : `Needs the scope \`${access}\`: ${scopes[access]}.`;
};

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** Whether a ticket in the query may stand in for the key. */
    takesTickets?: boolean;
  }
}
