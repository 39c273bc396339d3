import type { IncomingMessage, ServerResponse } from 'node:http';
import swagger from '@fastify/swagger';
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type RawServerDefault } from 'fastify';
import type { Authority } from '../authority.ts';
import type { Network } from '../network.ts';
import { accountRoutes } from './accounts.ts';
import { appStateRoutes } from './app-state.ts';
import { callRoutes } from './calls.ts';
import { contactRoutes } from './contacts.ts';
import { faultRoutes } from './faults.ts';
import { groupMessageRoutes } from './group-messages.ts';
import { groupRoutes } from './groups.ts';
import { historyRoutes } from './history.ts';
import { inboxRoutes } from './inbox.ts';
import { keyRoutes } from './keys.ts';
import { ledgerRoutes } from './ledger.ts';
import { mediaRoutes } from './media.ts';
import { newsletterRoutes } from './newsletters.ts';
import { ownPhoneRoutes } from './own-phone.ts';
import { phoneRoutes } from './phone.ts';
import { presenceRoutes } from './presence.ts';
import { profileRoutes } from './profile.ts';
import { receiptRoutes } from './receipts.ts';
import { restrictionRoutes } from './restrictions.ts';
import { sendingRoutes } from './sending.ts';
import { unreadableRoutes } from './unreadable.ts';

/** The application that the routes are added to. */
export type Admin = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** Builds the admin API: phones, contacts and faults on demand, and the ground truth. */
export async function buildAdmin(network: Network, authority: Authority): Promise<Admin> {
  const app: Admin = Fastify({ routerOptions: { ignoreTrailingSlash: true }, bodyLimit: 8 * 1024 * 1024 })
    .withTypeProvider<TypeBoxTypeProvider>()
    .setValidatorCompiler(TypeBoxValidatorCompiler);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Flotilla simulator',
        version: '0.1.0',
        description: 'Phones, contacts and faults of a simulated WhatsApp, and what it saw.',
      },
    },
  });
  // Texts of QR codes come as they are, from some clients without a content type; pictures as bytes.
  app.addContentTypeParser(['text/plain', '*'], { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.addContentTypeParser(/^(image\/.+|application\/octet-stream)$/, { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  // Many clients name the content type although they send nothing.
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, null);
    else parseJson(request, String(body), done);
  });
  await app.register(
    async (scope: Admin) => {
      scope.get('/openapi.json', { schema: { summary: 'This description', hide: true } }, () => app.swagger());
      keyRoutes(scope, network, authority);
      phoneRoutes(scope, network);
      ownPhoneRoutes(scope, network);
      accountRoutes(scope, network);
      contactRoutes(scope, network);
      unreadableRoutes(scope, network);
      inboxRoutes(scope, network);
      sendingRoutes(scope, network);
      receiptRoutes(scope, network);
      presenceRoutes(scope, network);
      groupRoutes(scope, network);
      groupMessageRoutes(scope, network);
      ledgerRoutes(scope, network);
      faultRoutes(scope, network);
      mediaRoutes(scope, network);
      appStateRoutes(scope, network);
      profileRoutes(scope, network);
      callRoutes(scope, network);
      historyRoutes(scope, network);
      newsletterRoutes(scope, network);
      restrictionRoutes(scope, network);
    },
    { prefix: '/admin' },
  );
  await app.ready();
  return app;
}
