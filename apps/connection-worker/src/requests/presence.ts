import type { RequestHandler } from './handler.ts';

/** `presence.set`: appears online or offline. */
export const setPresence: RequestHandler<'presence.set'> = async ({ presence }, { sock }) => {
  await sock.sendPresenceUpdate(presence);
  return {};
};
