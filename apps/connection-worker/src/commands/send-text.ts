import { generate } from './generate.ts';
import type { CommandHandler } from './handler.ts';

/** `send.text`: a text message. */
export const sendText: CommandHandler<'send.text'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: (context) => generate(context, body.to, { text: body.text, linkPreview: null }),
});
