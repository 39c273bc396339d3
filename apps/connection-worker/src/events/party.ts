import type { Party } from '@flotilla/contracts';
import { isHostedLidUser, isHostedPnUser, isLidUser, isPnUser, jidDecode, jidEncode } from '@whiskeysockets/baileys';

/** Whose messages these are. */
export interface Me {
  /** Phone number JID of the instance's device. */
  jid: string;
  /** Its LID. */
  lid: string;
}

type Jid = string | null | undefined;

/** A JID without device; hosted companions count as the account that they belong to, as Baileys has it. */
export function userJid(jid: Jid): string {
  if (!jid) return '';
  const parts = jidDecode(jid);
  if (!parts) return jid;
  if (isHostedPnUser(jid)) return jidEncode(parts.user, 's.whatsapp.net');
  if (isHostedLidUser(jid)) return jidEncode(parts.user, 'lid');
  return parts.server === 'c.us' ? jidEncode(parts.user, 's.whatsapp.net') : jidEncode(parts.user, parts.server);
}

/** The digits of a phone number JID; undefined of anything else. */
export const phoneOf = (jid: Jid) => (jid && (isPnUser(jid) || isHostedPnUser(jid)) ? jidDecode(jid)?.user : undefined);
/** The LID of a LID; undefined of anything else. */
export const lidOf = (jid: Jid) => (jid && (isLidUser(jid) || isHostedLidUser(jid)) ? userJid(jid) : undefined);

/**
 * Somebody by every address that is known.
 * @param jid as WhatsApp addressed them
 * @param others further addresses of the same person
 */
export function partyOf(jid: Jid, others: readonly Jid[] = [], pushName?: string | null): Party {
  const all = [jid, ...others];
  return {
    jid: userJid(jid),
    phone: all.map(phoneOf).find(Boolean),
    lid: all.map(lidOf).find(Boolean),
    pushName: pushName || undefined,
  };
}

/** This number itself, addressed as it was where it is spoken of. */
export const myself = (me: Me, jid: Jid, pushName?: string | null): Party =>
  partyOf(jid && isMe(jid, me) ? jid : me.jid, [me.jid, me.lid], pushName);

/** Whether a JID is this number's, by either address. */
export function isMe(jid: Jid, me: Me): boolean {
  if (!jid) return false;
  const user = userJid(jid);
  return user === userJid(me.jid) || (me.lid !== '' && user === userJid(me.lid));
}

/** Every JID that somebody is known by. */
export const addressesOf = ({ jid, phone, lid }: Party): string[] =>
  [...new Set([jid, lid ?? '', phone ? `${phone}@s.whatsapp.net` : ''])].filter(Boolean);

/** Whether two name the same person, by whichever address both have. */
export const samePerson = (a: Party, b: Party): boolean => {
  const others = addressesOf(b);
  return addressesOf(a).some((address) => others.includes(address));
};
