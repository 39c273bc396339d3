import { Cluster, type ClusterNode } from 'ioredis';
import type { Access, Address } from './url.ts';

type Options = NonNullable<ConstructorParameters<typeof Cluster<'legacy'>>[1]>;

/** How often each connection asks again who has which slot (ms): a node that froze never says that it lost them. */
const lookAgainMs = 3_000;

/** Pause before a command goes to another node after a refusal (ms): nodes need that long to agree. */
const pauseMs = 100;

/** What the client says when the connection broke that a command was sent over, or was to be. */
const closed = 'Connection is closed.';

export interface ClusterManner {
  /** Whether commands wait until their slot is served again. Otherwise they fail within `timeoutMs`. */
  patient: boolean;
  timeoutMs: number;
}

/**
 * A cluster's client that has the manners of a single connection. The library's own sends a command again, to another
 * node, when its connection broke, which is what a patient caller wants and a prompt one must not have; and gives
 * commands up when every node is away, which is the other way round.
 */
class MannerlyCluster extends Cluster {
  readonly #manner: ClusterManner;

  constructor(nodes: ClusterNode[], options: Options, manner: ClusterManner) {
    super(nodes, options);
    this.#manner = manner;
  }

  override sendCommand(...[command, ...rest]: Parameters<Cluster['sendCommand']>): unknown {
    // The client's own questions to the cluster have limits of their own.
    if (!this.#manner.patient && command.name !== 'cluster') {
      if (this.status !== 'ready') {
        command.reject(new Error("Cluster isn't ready"));
        return command.promise;
      }
      // From now on, and not from when a node has been found for it.
      command.setTimeout(this.#manner.timeoutMs);
    }
    return super.sendCommand(command, ...rest);
  }

  override handleError(...[error, ttl, handlers]: Parameters<Cluster['handleError']>): void {
    if (this.#manner.patient && error.message === closed && !ended.has(this.status)) {
      setTimeout(handlers.connectionClosed, pauseMs);
      this.refreshSlotsCache(() => {});
      return;
    }
    super.handleError(error, ttl, handlers);
  }
}

/** States in which nothing is to be expected any more. */
const ended = new Set<Cluster['status']>(['end', 'disconnecting']);

/**
 * Opens connections to a Redis Cluster: one to each master that is asked for something.
 * @param nodes any of it; the others are found through them
 */
export function connectCluster(
  nodes: readonly Address[],
  { tls, username, password }: Access,
  manner: ClusterManner,
  redisOptions: NonNullable<Options['redisOptions']>,
  backoff: (attempt: number) => number,
): Cluster {
  return new MannerlyCluster(
    [...nodes],
    {
      clusterRetryStrategy: backoff,
      slotsRefreshInterval: lookAgainMs,
      retryDelayOnMoved: 20,
      retryDelayOnClusterDown: pauseMs,
      retryDelayOnTryAgain: pauseMs,
      // Not resending is what makes a connection prompt: whoever called decides whether repeating is safe. A refused
      // command has not been executed and may go on to another node, until its time is over.
      retryDelayOnFailover: manner.patient ? pauseMs : 0,
      maxRedirections: manner.patient ? Number.POSITIVE_INFINITY : Math.ceil(manner.timeoutMs / pauseMs),
      // With TLS, a node's name has to reach the check of its certificate.
      ...(tls && { dnsLookup: (address, callback) => callback(null, address) }),
      redisOptions: { ...redisOptions, username, password, ...(tls && { tls: {} }) },
    },
    manner,
  );
}
