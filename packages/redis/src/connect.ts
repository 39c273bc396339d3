import { Redis, type RedisOptions } from 'ioredis';

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

/** Answers of a server that is starting or was demoted: the connection is useless, another one will not be. */
const reconnectOn = /^(READONLY|LOADING|UNBLOCKED|MASTERDOWN)/;

const manners = {
  patient: { maxRetriesPerRequest: null, enableOfflineQueue: true },
  // No resending: whoever called decides whether repeating is safe.
  prompt: {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: 3_000,
    autoResendUnfulfilledCommands: false,
  },
} as const satisfies Record<ConnectOptions['manner'], RedisOptions>;

/**
 * Opens a connection to Redis that reconnects by itself for ever.
 * @param url such as `redis://:password@host:6379/0`, or `rediss://` for TLS
 * @returns the connection; it may not be established yet (await `ready(redis)` where that matters)
 */
export function connectRedis(url: string, { name, manner, onError }: ConnectOptions): Redis {
  const redis = new Redis(url, {
    ...manners[manner],
    connectionName: name,
    connectTimeout: 3_000,
    keepAlive: 10_000,
    retryStrategy: backoff,
    reconnectOnError: (error) => (reconnectOn.test(error.message) ? 1 : false),
  });
  redis.on('error', onError ?? (() => {}));
  return redis;
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
