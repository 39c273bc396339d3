import { DisconnectReason, jidNormalizedUser } from '@whiskeysockets/baileys';
import { phoneOf } from '../events/party.ts';
import { getAbout, getPicture } from './contacts.ts';
import type { RequestHandler } from './handler.ts';

export const getProfile: RequestHandler<'profile.get'> = async (_input, context) => {
  const { user } = context.sock;
  const jid = jidNormalizedUser(user?.id);
  const [{ about }, { url }] = await Promise.all([
    getAbout({ contact: jid }, context),
    getPicture({ contact: jid, size: 'full' }, context),
  ]);
  const phone = phoneOf(jid);
  return {
    jid,
    about,
    picture: url,
    ...(phone ? { phone } : {}),
    ...(user?.lid ? { lid: jidNormalizedUser(user.lid) } : {}),
    ...(user?.name ? { name: user.name } : {}),
  };
};

export const setName: RequestHandler<'profile.name'> = async ({ name }, { sock }) => {
  await sock.updateProfileName(name);
  return {};
};

export const setAbout: RequestHandler<'profile.about'> = async ({ about }, { sock }) => {
  await sock.updateProfileStatus(about);
  return {};
};

export const getRestrictions: RequestHandler<'account.restrictions'> = async (_input, { sock }) => {
  const [timelock, cap] = await Promise.all([
    orUnknown(sock.fetchAccountReachoutTimelock()),
    orUnknown(sock.fetchNewChatMessageCap()),
  ]);
  return { reachoutTimelock: timelock && { ...timelock }, newChatCap: cap && { ...cap } };
};

/**
 * What the server says, null if it knows of no such thing, for this account or altogether. No answer is not the same: it
 * must not look as if there were no restriction.
 */
async function orUnknown<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    const { output } = error as { output?: { statusCode?: number } };
    if (output?.statusCode === DisconnectReason.timedOut || output?.statusCode === DisconnectReason.connectionClosed)
      throw error;
    return null;
  }
}
