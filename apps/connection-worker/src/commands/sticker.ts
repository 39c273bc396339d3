import { compose } from './compose.ts';
import type { CommandHandler } from './handler.ts';
import { withFile } from './media-file.ts';
import { upload } from './upload.ts';

/** Side of a sticker (pixels). */
const side = 512;

/** `send.sticker`: any picture, as a sticker. */
export const sendSticker: CommandHandler<'send.sticker'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: (context) =>
    withFile(context, body.media, async ({ path, beside }) => {
      const output = beside('sticker.webp');
      const { mimeType, animated } = await context.converter.sticker(path, output, context.signal);
      const stickerMessage = {
        ...(await upload(context, 'sticker', { path: output, beside })),
        mimetype: mimeType,
        width: side,
        height: side,
        isAnimated: animated,
        stickerSentTs: Date.now(),
      };
      return compose(context, { stickerMessage }, body);
    }),
});
