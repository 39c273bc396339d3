import { RequestError } from '../request-lane.ts';
import type { RequestHandler } from './handler.ts';

export const rejectCall: RequestHandler<'call.reject'> = async ({ call, from }, { sock }) => {
  await sock.rejectCall(call, from);
  return {};
};

export const createCallLink: RequestHandler<'call.link'> = async ({ type, startsAt }, { sock }) => {
  const event = startsAt === undefined ? undefined : { startTime: Math.floor(startsAt / 1_000) };
  const token = await sock.createCallLink(type, event);
  if (!token) throw new RequestError('REFUSED_BY_WHATSAPP', 'it gave no link');
  return { url: `https://call.whatsapp.com/${type === 'audio' ? 'voice' : 'video'}/${token}` };
};
