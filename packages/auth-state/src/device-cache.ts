import type { PossiblyExtendedCacheStore } from '@whiskeysockets/baileys';

/** Where the lists are kept: memory first, then the auth state's own store. */
export interface DeviceLists {
  read(users: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
  /** null deletes. Does not wait for the store. */
  write(lists: ReadonlyMap<string, unknown>): void;
}

/**
 * Baileys' `userDevicesCache`, but lasting. Its own lives five minutes and dies with the socket, and after every miss
 * Baileys opens a new Signal session to a contact that it already has one with. Nothing expires here: Baileys edits the
 * lists on `devices` notifications, which the server also keeps for a device that is offline. (The `device-list` keys
 * that Baileys stores cannot refill its cache: they lack the server part of the JIDs.)
 */
export function createDeviceCache(lists: DeviceLists): PossiblyExtendedCacheStore {
  return {
    async get<T>(user: string) {
      return (await lists.read([user])).get(user) as T;
    },
    async mget<T>(users: string[]) {
      return Object.fromEntries(await lists.read(users)) as Record<string, T | undefined>;
    },
    set(user, list) {
      lists.write(new Map([[user, list]]));
    },
    mset(entries) {
      lists.write(new Map(entries.map(({ key, value }) => [key, value])));
    },
    del(user) {
      lists.write(new Map([[user, null]]));
    },
    mdel(users) {
      lists.write(new Map(users.map((user) => [user, null])));
    },
    flushAll() {
      throw new Error('Device lists cannot be flushed at once: delete them user by user');
    },
  };
}
