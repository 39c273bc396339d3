import { type Contact, instanceKeys } from '@flotilla/contracts';
import type { Page, Redis } from '@flotilla/redis';
import { addressesOf, jidsOf } from './addresses.ts';
import { lookThrough } from './look-through.ts';

/** A contact from its hash; addresses that WhatsApp did not say with it are those of the mappings. */
const toContact = (
  jid: string,
  fields: Record<string, string>,
  addresses: { phone?: string; lid?: string },
): Contact => {
  const { name, pushName, verifiedName, about, picture, phone = addresses.phone, lid = addresses.lid } = fields;
  return {
    jid,
    ...(phone === undefined ? {} : { phone }),
    ...(lid === undefined ? {} : { lid }),
    ...(name === undefined ? {} : { name }),
    ...(pushName === undefined ? {} : { pushName }),
    ...(verifiedName === undefined ? {} : { verifiedName }),
    ...(about === undefined ? {} : { about }),
    ...(picture === 'changed' || picture === 'removed' ? { picture } : {}),
  };
};

async function readContacts(redis: Redis, instance: string, jids: readonly string[]): Promise<Contact[]> {
  const [addresses, all] = await Promise.all([
    addressesOf(redis, instance, jids),
    Promise.all(jids.map((jid) => redis.hgetall(instanceKeys.contact(instance, jid)))),
  ]);
  return jids.map((jid, n) => toContact(jid, all[n] ?? {}, addresses[n] ?? {}));
}

const has = (contact: Contact, sought: string) =>
  [contact.name, contact.pushName, contact.verifiedName, contact.phone, contact.lid, contact.jid].some((text) =>
    text?.toLowerCase().includes(sought),
  );

/**
 * A page of contacts, the one that was heard of last first. It may have fewer than asked for and yet a next one.
 * @throws BadCursorError
 */
export async function listContacts(
  redis: Redis,
  instance: string,
  { limit, cursor, search = '' }: { limit: number; cursor?: string; search?: string },
): Promise<Page<Contact>> {
  const sought = search.toLowerCase();
  return lookThrough(redis, instanceKeys.contacts(instance), { limit, cursor }, async (places) => {
    const jids = places.map(({ member }) => member);
    const contacts = await readContacts(redis, instance, jids);
    return places.flatMap((place, n) => {
      const item = contacts[n];
      return item && has(item, sought) ? [{ item, place }] : [];
    });
  });
}

/** One contact by any of its addresses, or undefined. */
export async function readContact(redis: Redis, instance: string, jid: string): Promise<Contact | undefined> {
  const [addresses = {}] = await addressesOf(redis, instance, [jid]);
  for (const known of jidsOf(jid, addresses)) {
    if ((await redis.zscore(instanceKeys.contacts(instance), known)) === null) continue;
    return (await readContacts(redis, instance, [known]))[0];
  }
  return undefined;
}
