import { instanceKeys } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import { mappingFields } from './lid-writer.ts';

/** A person by both addresses, as far as they are known. */
export interface Addresses {
  /** Digits only. */
  phone?: string;
  /** `123@lid`. */
  lid?: string;
}

const phoneJid = /^(\d+)(?::\d+)?@(?:s\.whatsapp\.net|c\.us)$/;
const lidJid = /^(\d+)(?::\d+)?@lid$/;

/** The part of a mapping's field that is the phone number; behind it stands when it was said. */
const phoneOfMapping = (value: string | null | undefined) => value?.split(' ', 1)[0];

/**
 * Both addresses of each JID, from the mappings; nothing for groups and others that have but one. What was observed
 * beats what was added by hand. One round trip, or two if there are phone numbers among them.
 */
export async function addressesOf(redis: Redis, instance: string, jids: readonly string[]): Promise<Addresses[]> {
  if (jids.length === 0) return [];
  const key = instanceKeys.lidMappings(instance);
  const { observed, manual } = mappingFields;
  const phones = jids.map((jid) => phoneJid.exec(jid)?.[1]);
  const lids = jids.map((jid) => (lidJid.test(jid) ? `${lidJid.exec(jid)?.[1]}@lid` : undefined));
  if (phones.some(Boolean)) {
    const found = await redis.hmget(
      key,
      ...phones.flatMap((phone) => [observed.lidOf(phone ?? ''), manual.lidOf(phone ?? '')]),
    );
    for (const [n, phone] of phones.entries())
      if (phone !== undefined) lids[n] = found[2 * n] ?? found[2 * n + 1] ?? undefined;
  }
  const said = await redis.hmget(
    key,
    ...lids.flatMap((lid) => [observed.phoneOf(lid ?? ''), manual.phoneOf(lid ?? '')]),
  );
  return jids.map((_jid, n) => {
    const known = phones[n];
    const lid = lids[n];
    const phone = phoneOfMapping(said[2 * n] ?? said[2 * n + 1]);
    // A LID that belongs to another number by now is not this number's.
    if (known !== undefined) return { phone: known, ...(lid !== undefined && phone === known ? { lid } : {}) };
    return { ...(phone === undefined ? {} : { phone }), ...(lid === undefined ? {} : { lid }) };
  });
}

/** The JIDs by which a person may be known: the given one first. */
export function jidsOf(jid: string, { phone, lid }: Addresses): string[] {
  return [
    ...new Set([jid, ...(phone === undefined ? [] : [`${phone}@s.whatsapp.net`]), ...(lid === undefined ? [] : [lid])]),
  ];
}
