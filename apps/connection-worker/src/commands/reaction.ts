import { proto } from '@whiskeysockets/baileys';
import type { CommandHandler } from './handler.ts';
import { referTo } from './referred-message.ts';

/** `message.react`: a reaction, or with an empty emoji its removal. */
export const react: CommandHandler<'message.react'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: async (context) => {
    const { key } = await referTo(context, body.to, body.message);
    return proto.Message.create({
      reactionMessage: { key, text: body.emoji, senderTimestampMs: Date.now() },
    });
  },
});
