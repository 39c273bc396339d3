import type { proto } from '@whiskeysockets/baileys';
import { compose } from './compose.ts';
import type { CommandHandler, SendContext } from './handler.ts';
import { type MediaSource, withFile } from './media-file.ts';
import { withMentions } from './mentions.ts';
import { upload } from './upload.ts';

/** What phones show as it is. */
const shown = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif']);

/** Uploads a picture: as it is if phones can show it so, else as JPEG. */
export function imageContent(context: SendContext, media: MediaSource, caption?: string): Promise<proto.IMessage> {
  const { converter, signal } = context;
  return withFile(context, media, async (source) => {
    const { width, height, mimeType, thumbnail } = await converter.image(source.path, signal);
    const isShown = shown.has(mimeType);
    const path = isShown ? source.path : source.beside('picture.jpg');
    if (!isShown) await converter.jpeg(source.path, path, signal);
    const file = await upload(context, 'image', { ...source, path });
    const mimetype = isShown ? mimeType : 'image/jpeg';
    return { imageMessage: { ...file, mimetype, caption, width, height, jpegThumbnail: thumbnail } };
  });
}

/** `send.image`: a picture. */
export const sendImage: CommandHandler<'send.image'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: async (context) => {
    const caption = body.caption && withMentions(body.caption, body.mentions);
    return compose(context, await imageContent(context, body.media, caption), body);
  },
});
