import { RequestError } from '../request-lane.ts';
import type { RequestHandler } from './handler.ts';
import { nameTold } from './just-linked.ts';

/** `presence.set`: appears online or offline. */
export const setPresence: RequestHandler<'presence.set'> = async ({ presence }, context) => {
  if (!(await nameTold(context))) throw new RequestError('REFUSED_BY_WHATSAPP', 'The account has no name yet: set one');
  await context.sock.sendPresenceUpdate(presence);
  return {};
};

/** `chat.presence`: shows that somebody types or records. */
export const setChatPresence: RequestHandler<'chat.presence'> = async ({ chat, presence }, { sock }) => {
  await sock.sendPresenceUpdate(presence, chat);
  return {};
};

/** `chat.subscribe`: asks to be told of somebody's presence. */
export const subscribe: RequestHandler<'chat.subscribe'> = async ({ chat }, { sock }) => {
  await sock.presenceSubscribe(chat);
  return {};
};
