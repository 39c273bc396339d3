import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { replicationMark } from '@flotilla/contracts';
import { createChanges, createInstances } from '@flotilla/instance';
import { openMedia, startSweeper } from '@flotilla/media';
import { createQueues } from '@flotilla/queue';
import { createConfirmations, type Redis } from '@flotilla/redis';
import { createKeyRing } from '@flotilla/seal';
import {
  countConfirmations,
  createFaultPoints,
  type Logger,
  type Registry,
  replicasToWaitFor,
  type Watchdog,
} from '@flotilla/service';
import { createEndpoints, createPoster, createReplays } from '@flotilla/webhook';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { createAcceptor } from './acceptor.ts';
import { createApiKeys } from './api-keys.ts';
import { readBindings } from './compat/bindings.ts';
import { errorShapeAt, spokenDialects } from './compat/dialects.ts';
import { compatibility } from './compat/mount.ts';
import { isUpgradeToWwebjs } from './compat/wwebjs/events.ts';
import { compileSerializer, compileValidator } from './compilers.ts';
import { type Config, trustedProxies, webhookAddresses } from './config.ts';
import { registerFleetMetrics } from './fleet-metrics.ts';
import { createLiveEvents } from './live/live-events.ts';
import type { Parts } from './parts.ts';
import { createPlaces } from './places.ts';
import { accessControl } from './plugins/access.ts';
import { boardPath, queueBoard } from './plugins/board.ts';
import { errorAnswers, refuseConnection, sendError } from './plugins/errors.ts';
import { jsonBodies } from './plugins/json-bodies.ts';
import { openapi, routeDocumentation } from './plugins/openapi.ts';
import { requestId, requestLog } from './plugins/request-log.ts';
import { silentConnections } from './plugins/silent-connections.ts';
import { tenantLimits } from './plugins/tenant-limits.ts';
import { webSockets } from './plugins/web-sockets.ts';
import { RequestLogger } from './request-logger.ts';
import { chatRoutes } from './routes/chats.ts';
import { commandRoutes } from './routes/commands.ts';
import { connectionRoutes } from './routes/connection.ts';
import { contactRoutes } from './routes/contacts.ts';
import { deadLetterRoutes } from './routes/dead-letters.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { eventRoutes, isUpgradeToEvents } from './routes/events.ts';
import { importRoutes } from './routes/imports.ts';
import { instanceRoutes } from './routes/instances.ts';
import { keyRoutes } from './routes/keys.ts';
import { lidMappingRoutes } from './routes/lid-mappings.ts';
import { mediaRoutes } from './routes/media.ts';
import { messageRoutes } from './routes/messages.ts';
import { metricsRoutes } from './routes/metrics-json.ts';
import { operationsRoutes } from './routes/operations.ts';
import { pairingCodeRoutes } from './routes/pairing-code.ts';
import { qrRoutes } from './routes/qr.ts';
import { replayRoutes } from './routes/replays.ts';
import { requestRoutes } from './routes/requests.ts';
import { tenantRoutes } from './routes/tenants.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { createTenants } from './tenants.ts';
import { createTickets } from './tickets.ts';
import { createWebhookUrlCheck } from './webhook-urls.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const routes = [
  tenantRoutes,
  keyRoutes,
  instanceRoutes,
  importRoutes,
  connectionRoutes,
  qrRoutes,
  pairingCodeRoutes,
  commandRoutes,
  messageRoutes,
  chatRoutes,
  contactRoutes,
  lidMappingRoutes,
  metricsRoutes,
  mediaRoutes,
  requestRoutes,
  webhookRoutes,
  deliveryRoutes,
  replayRoutes,
  deadLetterRoutes,
  eventRoutes,
  operationsRoutes,
];

/**
 * How many requests to one instance wait here at a time. Its worker takes but a few side by side, and everyone who waits
 * looks at the store with each change of the instance.
 */
const mostAsked = 64;

/** Test events that a tenant has under way at a time, and how long one of them may take (ms). */
const mostTests = 5;
const testTimeoutMs = 15_000;

/** Whether a request for another protocol is taken up. */
const isUpgrade = (request: IncomingMessage) => isUpgradeToEvents(request) || isUpgradeToWwebjs(request);

export interface GatewayOptions {
  config: Config;
  log: Logger;
  metrics: Registry;
  watchdog: Watchdog;
  /** A `prompt` connection: requests must not wait for a store that is away. Stays the caller's to close. */
  redis: Redis;
  /** A `patient` connection for pub/sub alone. Stays the caller's to close. */
  subscriber: Redis;
  /** A `prompt` connection to ask replicas over. Without it nobody is asked. Stays the caller's to close. */
  confirming?: Redis | undefined;
  /** `NODE_ENV`. */
  environment?: string | undefined;
}

/** The gateway, ready to listen or to be injected into. Closing it ends what waits, then what is under way. */
export async function buildGateway({
  config,
  log,
  metrics,
  watchdog,
  redis,
  subscriber,
  confirming,
  environment,
}: GatewayOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: config.MAX_BODY_BYTES,
    trustProxy: trustedProxies(config),
    // Time to send a request in full, a file by a slow line included; how long its answer takes is another matter.
    requestTimeout: 600_000,
    http: { shouldUpgradeCallback: isUpgrade },
    childLoggerFactory: (parent, bindings) => new RequestLogger(parent, bindings),
    requestIdHeader: false,
    genReqId: (request: IncomingMessage) => requestId(request),
    // While closing, requests that still arrive on open connections are answered, and told to connect elsewhere.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => sendError(error, request, reply, errorShapeAt(request.raw.url)),
    clientErrorHandler: refuseConnection,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(compileSerializer);
  await app.register(jsonBodies);

  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  // A connection that was busy when closing began would otherwise be kept open, and hold up the end, until it times out.
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (closing.signal.aborted) reply.header('connection', 'close');
    done(null, payload);
  });

  const addresses = webhookAddresses(config);
  const checkWebhookUrl = createWebhookUrlCheck({
    addresses,
    allowsInside: config.WEBHOOK_ALLOW_CIDRS.trim() !== '',
    isProduction: environment === 'production',
  });
  const bindings = readBindings(config.COMPAT_BINDINGS, {
    dialects: spokenDialects,
    ownPort: config.PORT,
    checkUrl: checkWebhookUrl,
  });
  const confirmations =
    confirming &&
    createConfirmations(confirming, {
      markOf: replicationMark,
      replicas: replicasToWaitFor(config.REDIS_WAIT_REPLICAS),
      onOutcome: countConfirmations(metrics),
    });
  const queues = createQueues({ connection: redis, confirmations });
  const keyRing = createKeyRing(config.ENCRYPTION_KEYS);
  const media = openMedia(config, redis);
  // None is vital: other gateways sweep as well, and a feed that hangs concerns the streams of one tenant here.
  const sweeping = watchdog.loop('media-sweep', { boundSeconds: 3_600 });
  const sweeper = startSweeper({
    media: { sweep: (options) => sweeping.during(() => media.sweep(options)) },
    onResult: (outcome) =>
      'error' in outcome
        ? log.warn({ cause: outcome.error.message }, 'media.sweep-failed')
        : log.info(outcome, 'media.swept'),
  });
  app.addHook('onClose', async () => {
    await sweeper.stop();
    media.close();
  });
  // For test events only: deliveries are the workers'.
  const poster = createPoster({ policy: addresses, connections: 1, timeoutMs: testTimeoutMs });
  app.addHook('onClose', () => poster.close());
  const apiKeys = createApiKeys(redis);
  const faults = createFaultPoints(config.FAULT_POINTS, environment);
  const parts: Parts = {
    redis,
    metrics,
    faults,
    tenants: createTenants(redis),
    apiKeys,
    instances: createInstances(redis),
    queues,
    confirmations,
    acceptor: createAcceptor({ redis, queues, confirmations, faults, log }),
    changes: createChanges(subscriber),
    endpoints: createEndpoints({
      redis,
      keyRing,
      addTurn: (job) => queues.addTurns([job]),
    }),
    replays: createReplays({ redis, addReplay: queues.addReplay }),
    media,
    keyRing,
    inlineBodyBytes: config.MAX_INLINE_BODY_BYTES,
    tickets: createTickets(redis),
    asking: createPlaces(mostAsked),
    liveEvents: createLiveEvents({
      redis,
      subscriber,
      confirmations,
      apiKeys,
      metrics,
      log: app.log,
      reading: watchdog.loop('feed-reader', { boundSeconds: 60 }),
      streamsPerTenant: config.EVENT_STREAMS_PER_TENANT,
      heartbeatMs: config.EVENT_HEARTBEAT_SECONDS * 1_000,
    }),
    checkWebhookUrl,
    poster,
    testing: createPlaces(mostTests),
    closing: closing.signal,
  };

  registerFleetMetrics(parts);
  await app.register(silentConnections);
  await app.register(requestLog, { metrics });
  await app.register(errorAnswers);
  await app.register(openapi, { version });
  await app.register(webSockets, { close: () => parts.liveEvents.close() });
  await app.register(queueBoard, {
    prefix: boardPath,
    queues,
    instances: parts.instances,
    operatorKey: config.OPERATOR_KEY,
  });
  await app.register(async (api) => {
    await api.register(accessControl, { apiKeys, tickets: parts.tickets, operatorKey: config.OPERATOR_KEY });
    await api.register(tenantLimits, {
      requestsPerTenant: config.REQUESTS_PER_TENANT,
      inlineBodyBytes: Math.max(config.MAX_INLINE_BODY_BYTES, config.MAX_BODY_BYTES),
    });
    await api.register(routeDocumentation);
    for (const group of routes) await api.register(group, parts);
  });
  await app.register(compatibility, {
    parts,
    dialects: spokenDialects,
    bindings,
    operatorKey: config.OPERATOR_KEY,
    isUpgrade,
  });
  await app.ready();
  return app;
}
