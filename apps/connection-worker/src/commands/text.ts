import { compose } from './compose.ts';
import type { CommandHandler } from './handler.ts';
import { withMentions } from './mentions.ts';

/** `send.text`: a text message, with what its first link leads to if that is wanted. */
export const sendText: CommandHandler<'send.text'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: async (context) => {
    const text = withMentions(body.text, body.mentions);
    const preview = body.linkPreview ? await context.previews.of(text, context) : undefined;
    return compose(context, { extendedTextMessage: { text, ...preview } }, body);
  },
});
