import { RequestError } from '../request-lane.ts';
import type { RequestHandler } from './handler.ts';

export const getNewsletter: RequestHandler<'newsletter.get'> = async ({ newsletter }, { sock }) => {
  const found = await sock.newsletterMetadata('jid', newsletter);
  if (!found) throw new RequestError('REFUSED_BY_WHATSAPP', 'there is no such channel');
  return { ...found };
};

export const follow: RequestHandler<'newsletter.follow'> = async ({ newsletter }, { sock }) => {
  await sock.newsletterFollow(newsletter);
  return {};
};

export const unfollow: RequestHandler<'newsletter.unfollow'> = async ({ newsletter }, { sock }) => {
  await sock.newsletterUnfollow(newsletter);
  return {};
};
