import type { RequestContext, RequestHandler } from './handler.ts';

type Sock = RequestContext['sock'];
type Settings = Parameters<RequestHandler<'privacy.set'>>[0];

/** Each setting: WhatsApp's name for it, and how it is changed. */
const settings: {
  [F in keyof Settings]-?: { category?: string; set(sock: Sock, value: NonNullable<Settings[F]>): Promise<void> };
} = {
  lastSeen: { category: 'last', set: (sock, value) => sock.updateLastSeenPrivacy(value) },
  online: { category: 'online', set: (sock, value) => sock.updateOnlinePrivacy(value) },
  picture: { category: 'profile', set: (sock, value) => sock.updateProfilePicturePrivacy(value) },
  about: { category: 'status', set: (sock, value) => sock.updateStatusPrivacy(value) },
  readReceipts: { category: 'readreceipts', set: (sock, value) => sock.updateReadReceiptsPrivacy(value) },
  groupAdd: { category: 'groupadd', set: (sock, value) => sock.updateGroupsAddPrivacy(value) },
  calls: { category: 'calladd', set: (sock, value) => sock.updateCallPrivacy(value) },
  messages: { category: 'messages', set: (sock, value) => sock.updateMessagesPrivacy(value) },
  ephemeralSeconds: { set: (sock, value) => sock.updateDefaultDisappearingMode(value) },
};

export const getPrivacy: RequestHandler<'privacy.get'> = async (_input, { sock }) => {
  const found = await sock.fetchPrivacySettings(true);
  const shown = Object.entries(settings).flatMap(([field, { category }]) => {
    const value = category && found[category];
    return value ? [[field, value]] : [];
  });
  return Object.fromEntries(shown);
};

export const setPrivacy: RequestHandler<'privacy.set'> = async (changes, { sock }) => {
  for (const [field, value] of Object.entries(changes)) {
    const { set } = settings[field as keyof Settings] as { set(sock: Sock, value: unknown): Promise<void> };
    if (value !== undefined) await set(sock, value);
  }
  return {};
};
