import type { MediaInput } from '@flotilla/contracts';
import { jidNormalizedUser } from '@whiskeysockets/baileys';
import { SendRefused } from '../commands/handler.ts';
import { withFile } from '../commands/media-file.ts';
import { RequestError } from '../request-lane.ts';
import type { RequestContext, RequestHandler } from './handler.ts';

const server = 's.whatsapp.net';

/**
 * Sets the picture of this number or of a group. Baileys would need an image library of its own for it, so the picture
 * is made square here and the query is ours.
 */
async function change(context: RequestContext, media: MediaInput, group?: string): Promise<object> {
  const jpeg = await portraitOf(context, media);
  await context.sock.query({
    tag: 'iq',
    attrs: { to: server, type: 'set', xmlns: 'w:profile:picture', ...(group ? { target: group } : {}) },
    content: [{ tag: 'picture', attrs: { type: 'image' }, content: jpeg }],
  });
  return {};
}

async function portraitOf(context: RequestContext, media: MediaInput): Promise<Buffer> {
  try {
    return await withFile(context, media, ({ path }) => context.converter.portrait(path, context.signal));
  } catch (error) {
    if (error instanceof SendRefused) throw new RequestError('VALIDATION', `media: ${error.error.message}`);
    throw error;
  }
}

export const setPicture: RequestHandler<'profile.picture'> = ({ media }, context) => change(context, media);

export const setGroupPicture: RequestHandler<'group.picture'> = ({ media, group }, context) =>
  change(context, media, group);

export const removePicture: RequestHandler<'profile.remove-picture'> = async (_input, { sock }) => {
  await sock.removeProfilePicture(jidNormalizedUser(sock.user?.id));
  return {};
};

export const removeGroupPicture: RequestHandler<'group.remove-picture'> = async ({ group }, { sock }) => {
  await sock.removeProfilePicture(group);
  return {};
};
