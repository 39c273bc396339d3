import { compose } from './compose.ts';
import type { CommandHandler } from './handler.ts';
import { withMentions } from './mentions.ts';

/** `send.text`: a text message. */
export const sendText: CommandHandler<'send.text'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: async (context) => {
    const text = withMentions(body.text, body.mentions);
    return compose(context, { extendedTextMessage: { text } }, body);
  },
});
