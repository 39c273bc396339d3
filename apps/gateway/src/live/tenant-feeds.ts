import { channels, tenantKeys } from '@flotilla/contracts';
import { feedBounds } from '@flotilla/instance';
import type { Confirmations, Redis } from '@flotilla/redis';
import type { WatchedLoop } from '@flotilla/service';
import { TenantFeed } from './tenant-feed.ts';

/** How often to look even if nothing was published (ms): pub/sub may lose a message. */
const lookAgainMs = 5_000;

export interface TenantFeedsOptions {
  redis: Redis;
  /** A connection for pub/sub alone; others may subscribe to their channels on it. */
  subscriber: Redis;
  /** Reads what is new in a feed. */
  reading: WatchedLoop;
  /** Where replicas are asked whether they have what is shown. Without it nobody is asked. */
  confirmations?: Pick<Confirmations, 'lasting'> | undefined;
  /** Called with each event that has just come, of any tenant that has a stream. */
  onEvent(occurredAt: number): void;
  /** Called when reading fails for another reason than that the store is away. */
  onError(error: Error): void;
}

/** A feed in use, with where it began and ended when it was asked for. */
export interface FeedInUse {
  feed: TenantFeed;
  bounds: { oldest: string; newest: string };
  /** To be called when it is not used any more. */
  release(): void;
}

interface Shared {
  feed: TenantFeed;
  users: number;
  end: AbortController;
}

/** The feeds of the tenants that have streams in this process: one subscription and one reader for each tenant. */
export function createTenantFeeds({ redis, subscriber, confirmations, reading, onEvent, onError }: TenantFeedsOptions) {
  const byTenant = new Map<string, Shared>();
  const byChannel = new Map<string, TenantFeed>();
  const lookAtAll = () => {
    for (const { feed } of byTenant.values()) feed.look();
  };
  subscriber.on('message', (channel: string) => byChannel.get(channel)?.look());
  subscriber.on('ready', lookAtAll);
  let timer: NodeJS.Timeout | undefined;

  const begin = (tenant: string, newest: string): Shared => {
    const end = new AbortController();
    const feed = new TenantFeed({
      redis,
      confirmations,
      tenant,
      newest,
      reading,
      onEvent,
      onError,
      signal: end.signal,
    });
    const shared = { feed, users: 0, end };
    byTenant.set(tenant, shared);
    byChannel.set(channels.fed(tenant), feed);
    // What came between the look at the feed and the subscription is fetched now. If this fails, the timer looks.
    subscriber.subscribe(channels.fed(tenant)).then(
      () => feed.look(),
      () => {},
    );
    timer ??= setInterval(lookAtAll, lookAgainMs);
    return shared;
  };
  const end = (tenant: string, shared: Shared) => {
    shared.end.abort();
    byTenant.delete(tenant);
    byChannel.delete(channels.fed(tenant));
    subscriber.unsubscribe(channels.fed(tenant)).catch(() => {});
    if (byTenant.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return {
    /** Begins to use a tenant's feed; undefined if there is no such tenant. */
    async use(tenant: string): Promise<FeedInUse | undefined> {
      const read = () => feedBounds(redis, tenant);
      const bounds = await (confirmations ? confirmations.lasting(tenantKeys.feed(tenant), read) : read());
      if (!bounds) return undefined;
      const shared = byTenant.get(tenant) ?? begin(tenant, bounds.newest);
      shared.users += 1;
      let released = false;
      const release = () => {
        if (released) return;
        released = true;
        shared.users -= 1;
        if (shared.users === 0) end(tenant, shared);
      };
      return { feed: shared.feed, bounds, release };
    },
  };
}
