import { compose } from './compose.ts';
import type { CommandHandler } from './handler.ts';
import { withFile } from './media-file.ts';
import { withMentions } from './mentions.ts';
import { upload } from './upload.ts';

/** `send.document`: any file, as it is. */
export const sendDocument: CommandHandler<'send.document'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: (context) =>
    withFile(context, body.media, async (source) => {
      const name = body.fileName ?? source.fileName ?? 'file';
      const documentMessage = {
        ...(await upload(context, 'document', source)),
        mimetype: body.mimeType ?? source.mimeType,
        fileName: name,
        title: name,
        caption: body.caption && withMentions(body.caption, body.mentions),
      };
      return compose(context, { documentMessage }, body);
    }),
});
