import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Changes, Instances } from '@flotilla/instance';
import type { Media } from '@flotilla/media';
import type { Queues } from '@flotilla/queue';
import type { Confirmations, Redis } from '@flotilla/redis';
import type { KeyRing } from '@flotilla/seal';
import type { Registry } from '@flotilla/service';
import type { Endpoints, Poster, Replays } from '@flotilla/webhook';
import type { Acceptor } from './acceptor.ts';
import type { ApiKeys } from './api-keys.ts';
import type { GatewayFaultPoints } from './fault-points.ts';
import type { LiveEvents } from './live/live-events.ts';
import type { Places } from './places.ts';
import type { Tenants } from './tenants.ts';
import type { Tickets } from './tickets.ts';

/** What the routes work with: made once in `buildGateway`, handed to each group of routes. */
export interface Parts {
  /** A `prompt` connection: away means an error within seconds. */
  redis: Redis;
  tenants: Tenants;
  apiKeys: ApiKeys;
  instances: Instances;
  queues: Queues;
  /** Undefined if nobody is to be asked whether replicas have what was accepted. */
  confirmations: Confirmations | undefined;
  /** Accepts commands: journal, queue, wake-up. */
  acceptor: Acceptor;
  changes: Changes;
  endpoints: Endpoints;
  replays: Replays;
  media: Media;
  keyRing: KeyRing;
  /** The largest JSON body of a request that may carry a file as base64. */
  inlineBodyBytes: number;
  /** Places for requests to the open connection of an instance, by its id. */
  asking: Places;
  liveEvents: LiveEvents;
  tickets: Tickets;
  /** Why events may not be posted to a URL, as the end of a sentence; undefined if they may. */
  checkWebhookUrl(url: string): string | undefined;
  /** Posts test events. */
  poster: Poster;
  /** Places for test events, by tenant. */
  testing: Places;
  metrics: Registry;
  faults: GatewayFaultPoints;
  /** Aborted when the gateway begins to close: whatever waits answers with what it has. */
  closing: AbortSignal;
}

/** A group of routes. */
export type Routes = FastifyPluginAsyncTypebox<Parts>;
