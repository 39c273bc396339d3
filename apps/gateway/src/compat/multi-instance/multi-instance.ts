import Type from 'typebox';
import type { Dialect, DialectRoutes } from '../dialect.ts';
import { endpoints } from './endpoints.ts';
import { instanceRoutes } from './instances.ts';
import { lidRoutes } from './lid-mappings.ts';
import { sendRoutes } from './sends.ts';
import { MultiInstanceError, multiInstanceError } from './shapes.ts';

const title = 'WhatsApp Multi-Instance API';

const Info = Type.Object({
  name: Type.String(),
  version: Type.String(),
  status: Type.Literal('running'),
  baseUrl: Type.String(),
  endpoints: Type.Array(Type.Object({ method: Type.String(), path: Type.String(), description: Type.String() })),
});

const routes: DialectRoutes = async (app, parts) => {
  app.get(
    '/',
    {
      config: { access: 'public' },
      prefixTrailingSlash: 'both',
      schema: { tags: ['API'], summary: 'API info and available endpoints', response: { 200: Info } },
    },
    async (request) => ({
      name: title,
      version: '1.0.0',
      status: 'running' as const,
      baseUrl: parts.baseUrlOf(request),
      endpoints: endpoints.map(([method, path, description]) => ({ method, path, description })),
    }),
  );
  for (const group of [instanceRoutes, sendRoutes, lidRoutes]) await app.register(group, parts);
};

/** WhatsApp Multi-Instance API. What its document leaves open is decided in docs/compat/multi-instance.md. */
export const multiInstance: Dialect = {
  name: 'multi-instance',
  title: `${title}, on Flotilla`,
  description:
    'The API of the WhatsApp Multi-Instance API: instances with a webhook each, and a route for each kind of message.',
  errorShape: multiInstanceError,
  errorSchema: MultiInstanceError,
  variables: ['BASE_URL'],
  routes,
};
