import { jidNormalizedUser } from '@whiskeysockets/baileys';
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
  // Either may be unknown to the server, for this account or altogether.
  const [timelock, cap] = await Promise.allSettled([
    sock.fetchAccountReachoutTimelock(),
    sock.fetchNewChatMessageCap(),
  ]);
  return {
    reachoutTimelock: timelock.status === 'fulfilled' ? { ...timelock.value } : null,
    newChatCap: cap.status === 'fulfilled' ? { ...cap.value } : null,
  };
};
