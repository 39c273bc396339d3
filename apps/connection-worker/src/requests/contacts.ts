import { userJid } from '../events/party.ts';
import type { RequestHandler } from './handler.ts';

/** WhatsApp's answers that mean "not for you" or "there is none", rather than a failure. */
const isNone = (error: unknown) =>
  error instanceof Error && [401, 403, 404].includes(Number((error as { data?: unknown }).data));

export const getPicture: RequestHandler<'contact.picture'> = async ({ contact, size }, { sock }) => {
  try {
    return { url: (await sock.profilePictureUrl(contact, size === 'full' ? 'image' : 'preview')) ?? null };
  } catch (error) {
    if (isNone(error)) return { url: null };
    throw error;
  }
};

export const getAbout: RequestHandler<'contact.about'> = async ({ contact }, { sock }) => {
  const found = (await sock.fetchStatus(contact))?.[0]?.status as { status?: string | null; setAt?: Date } | undefined;
  const setAt = found?.setAt?.getTime();
  return { about: found?.status || null, ...(setAt ? { setAt } : {}) };
};

export const getBusiness: RequestHandler<'contact.business'> = async ({ contact }, { sock }) => {
  const profile = await sock.getBusinessProfile(contact);
  return profile?.wid ? { isBusiness: true, ...profile } : { isBusiness: false };
};

export const saveContact: RequestHandler<'contact.save'> = async (input, { sock }) => {
  const lid = await sock.signalRepository.lidMapping.getLIDForPN(input.contact).catch(() => null);
  await sock.addOrEditContact(input.contact, {
    fullName: input.name,
    firstName: input.firstName ?? input.name.split(/\s+/, 1)[0],
    saveOnPrimaryAddressbook: input.saveOnPhone ?? true,
    ...(lid ? { lidJid: userJid(lid) } : {}),
  });
  return {};
};

export const removeContact: RequestHandler<'contact.remove'> = async ({ contact }, { sock }) => {
  await sock.removeContact(contact);
  return {};
};

export const block: RequestHandler<'contact.block'> = async ({ contact }, { sock }) => {
  await sock.updateBlockStatus(contact, 'block');
  return {};
};

export const unblock: RequestHandler<'contact.unblock'> = async ({ contact }, { sock }) => {
  await sock.updateBlockStatus(contact, 'unblock');
  return {};
};

export const getBlocklist: RequestHandler<'blocklist.get'> = async (_input, { sock }) => ({
  jids: (await sock.fetchBlocklist()).filter((jid): jid is string => jid !== undefined),
});
