import type { Contact } from '@flotilla/contracts';
import type { Contact as BaileysContact } from '@whiskeysockets/baileys';
import { lidOf, phoneOf, userJid } from './party.ts';

/** What Baileys says of a contact, as events and lists show it. @returns undefined without a JID */
export function contactView(contact: Partial<BaileysContact>): Contact | undefined {
  const jid = userJid(contact.id);
  if (!jid || jid.endsWith('@g.us') || jid.endsWith('@newsletter')) return undefined;
  const { name, notify, verifiedName, status, imgUrl } = contact;
  return {
    jid,
    ...present('phone', phoneOf(jid) ?? phoneOf(contact.phoneNumber)),
    ...present('lid', lidOf(jid) ?? lidOf(contact.lid)),
    ...present('name', name),
    ...present('pushName', notify),
    ...present('verifiedName', verifiedName),
    ...present('about', status),
    ...(imgUrl === 'changed' || imgUrl === 'removed' ? { picture: imgUrl } : {}),
  };
}

const present = <K extends string>(key: K, value: string | null | undefined) =>
  value ? ({ [key]: value } as Record<K, string>) : {};

const compared = ['phone', 'lid', 'name', 'pushName', 'verifiedName', 'about'] as const;

/**
 * What of a contact is not known yet. A changed picture is always news: it says only that it has changed.
 * @param known fields of `instanceKeys.contact`
 */
export function contactNews(contact: Contact, known: Readonly<Record<string, string | null>>): Contact | undefined {
  const differs = compared.filter((field) => contact[field] !== undefined && contact[field] !== known[field]);
  if (differs.length === 0 && contact.picture === undefined) return undefined;
  return contact;
}
