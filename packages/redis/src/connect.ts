import { type Cluster, type RedisOptions, Redis as SingleRedis } from 'ioredis';
import { connectCluster } from './cluster.ts';
import { gatherWrites } from './gather-writes.ts';
import { parseRedisUrl } from './url.ts';

/** A connection to Redis, whatever its layout. Commands that name several keys need them in one slot. */
export type Redis = SingleRedis | Cluster;

export interface ConnectOptions {
  /** Shown by CLIENT LIST, so that operators see whose connection it is. */
  name: string;
  /**
   * `patient`: commands wait until Redis is back; for loops that have nothing better to do.
   * `prompt`: commands fail within about three seconds; for requests and for everything that a deadline rules.
   */
  manner: 'patient' | 'prompt';
  /** Called on each connection error; without it they are silent, because commands report theirs themselves. */
  onError?: (error: Error) => void;
}

/** ms between reconnection tries: quick at first, at most a second, so that queues resume soon after an outage. */
const backoff = (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 5), 1_000);

/** Longest time that a command of a prompt connection takes (ms). */
const promptMs = 3_000;

/**
 * How long a server may leave a command unanswered until another one is looked for (ms). Patient connections have
 * commands that block: ten seconds at most.
 */
const silenceMs = { prompt: 5_000, patient: 20_000 } as const;

/** Answers of a server that is starting or was demoted: the connection is useless, another one will not be. */
const reconnectOn = /^(READONLY|LOADING|UNBLOCKED|MASTERDOWN)/;

const manners = {
  patient: { maxRetriesPerRequest: null, enableOfflineQueue: true },
  // No resending: whoever called decides whether repeating is safe.
  prompt: {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: promptMs,
    autoResendUnfulfilledCommands: false,
  },
} as const satisfies Record<ConnectOptions['manner'], RedisOptions>;

/**
 * Opens a connection to Redis that reconnects by itself for ever, to whichever server is the master.
 * @param url `redis://:password@host:6379/0`, `redis+cluster://h1:7000,h2:7000` or
 *   `redis+sentinel://s1:26379,s2:26379/<master name>`; `rediss…` for TLS
 * @returns the connection; it may not be established yet (await `ready(redis)` where that matters)
 * @throws RangeError when the URL has none of these forms
 */
export function connectRedis(url: string, { name, manner, onError }: ConnectOptions): Redis {
  const redis = open(url, manner, {
    connectionName: name,
    connectTimeout: 3_000,
    keepAlive: 10_000,
    reconnectOnError: (error) => (reconnectOn.test(error.message) ? 1 : false),
  });
  redis.on('error', onError ?? (() => {}));
  if (redis instanceof SingleRedis) gatherWrites(redis);
  else redis.on('+node', gatherWrites);
  return redis;
}

/** What is the same for each connection to one server. */
type Common = Pick<RedisOptions, 'connectionName' | 'connectTimeout' | 'keepAlive' | 'reconnectOnError'>;

function open(url: string, manner: ConnectOptions['manner'], options: Common): Redis {
  const place = parseRedisUrl(url);
  switch (place.kind) {
    case 'single':
      return new SingleRedis(place.url, { ...manners[manner], ...options, retryStrategy: backoff });
    case 'sentinel':
      return new SingleRedis({
        ...manners[manner],
        ...options,
        retryStrategy: backoff,
        sentinels: place.sentinels,
        name: place.master,
        username: place.username,
        password: place.password,
        sentinelCommandTimeout: 3_000,
        sentinelRetryStrategy: backoff,
        sentinelReconnectStrategy: backoff,
        // A master that froze closes no connection: only the Sentinels tell that another one has taken its place.
        failoverDetector: true,
        // And whoever has not heard it, such as a process that was busy starting, must not wait at that master for ever.
        socketTimeout: silenceMs[manner],
        ...(place.tls && { tls: {}, enableTLSForSentinelMode: true, sentinelTLS: {} }),
      });
    case 'cluster': {
      // Whether and how long a command waits is decided for the cluster as a whole, not for the way to one node.
      const patient = manner === 'patient';
      const nodeOptions = { ...options, maxRetriesPerRequest: manners[manner].maxRetriesPerRequest };
      return connectCluster(place.nodes, place, { patient, timeoutMs: promptMs }, nodeOptions, backoff);
    }
  }
}

/**
 * Waits until the connection can take commands.
 * @param timeoutMs after which it rejects with a sentence that names the cure
 */
export async function ready(redis: Redis, timeoutMs = 10_000): Promise<void> {
  if (redis.status === 'ready') return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      redis.off('ready', done);
      reject(new Error(`Redis did not answer within ${timeoutMs / 1000} s: check REDIS_URL and that the server runs`));
    }, timeoutMs);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    redis.once('ready', done);
  });
}
