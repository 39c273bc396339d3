import { fleetKeys } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import { fetchLatestWaWebVersion, type WAVersion } from '@whiskeysockets/baileys';

/** How long a fetched version is used (ms). */
const freshMs = 86_400_000;
/** A refused version is fetched anew, but not more often than this (ms). */
const refetchMs = 600_000;

const parse = (text: string): WAVersion | undefined => {
  const [major, minor, patch] = text.split('.').map(Number);
  return major === undefined || minor === undefined || patch === undefined ? undefined : [major, minor, patch];
};

/**
 * The version of WhatsApp web that the fleet says it is. Fetched once and shared; operators can pin it at run time by
 * setting the field `pinned` of `fleetKeys.webVersion`.
 * @param pinned from the configuration; wins over everything
 * @param mayFetch false if another server than WhatsApp's is used: then nothing is asked of WhatsApp's website
 */
export function createWebVersion({ redis, pinned, mayFetch }: { redis: Redis; pinned?: string; mayFetch: boolean }) {
  const fetchAndStore = async (): Promise<WAVersion | undefined> => {
    const { version, isLatest } = await fetchLatestWaWebVersion({});
    if (!isLatest) return undefined;
    await redis.hset(fleetKeys.webVersion, { version: version.join('.'), fetchedAt: Date.now() });
    return version;
  };

  return {
    /** The version to use now, or undefined for the one that Baileys was released with. Never rejects. */
    async current(): Promise<WAVersion | undefined> {
      if (pinned) return parse(pinned);
      try {
        const known = await redis.hgetall(fleetKeys.webVersion);
        if (known.pinned) return parse(known.pinned);
        const stored = known.version ? parse(known.version) : undefined;
        if (!mayFetch || (stored && Date.now() - Number(known.fetchedAt) < freshMs)) return stored;
        return (await fetchAndStore()) ?? stored;
      } catch {
        return undefined; // a login with the built-in version is better than none
      }
    },
    /** Called when WhatsApp refused the version (405): has a newer one fetched. Never rejects. */
    async refuse(): Promise<void> {
      if (pinned || !mayFetch) return;
      try {
        const fetchedAt = Number((await redis.hget(fleetKeys.webVersion, 'fetchedAt')) ?? 0);
        if (Date.now() - fetchedAt > refetchMs) await fetchAndStore();
      } catch {
        // The next 405 tries again.
      }
    },
  };
}
