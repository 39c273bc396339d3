import type { proto } from '@whiskeysockets/baileys';
import { compose } from './compose.ts';
import { type CommandHandler, type SendContext, SendRefused } from './handler.ts';
import { type MediaSource, withFile } from './media-file.ts';
import { withMentions } from './mentions.ts';
import { upload } from './upload.ts';

/** What phones show as a picture. */
const shown = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif']);

/** Uploads a picture as it is. @throws SendRefused for what is none that phones show */
export function imageContent(context: SendContext, media: MediaSource, caption?: string): Promise<proto.IMessage> {
  return withFile(context, media, async (source) => {
    const { width, height, mimeType, thumbnail } = await context.converter.image(source.path, context.signal);
    if (!shown.has(mimeType))
      throw new SendRefused('unsupported-media', 'Phones show JPEG, PNG and WebP: send other pictures as documents');
    const file = await upload(context, 'image', source);
    return { imageMessage: { ...file, mimetype: mimeType, caption, width, height, jpegThumbnail: thumbnail } };
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
