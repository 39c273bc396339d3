import { proto } from '@whiskeysockets/baileys';
import type { CommandHandler } from './handler.ts';
import { referTo } from './referred-message.ts';

const { PIN_FOR_ALL, UNPIN_FOR_ALL } = proto.Message.PinInChatMessage.Type;
const defaultSeconds = 604_800;

/** `message.pin`: pins a message for everybody in the chat, or takes the pin away. */
export const pinMessage: CommandHandler<'message.pin'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: async (context) => {
    const { pinned = true, seconds = defaultSeconds } = body;
    const { key } = await referTo(context, body.to, body.message);
    return proto.Message.create({
      pinInChatMessage: { key, type: pinned ? PIN_FOR_ALL : UNPIN_FOR_ALL, senderTimestampMs: Date.now() },
      messageContextInfo: { messageAddOnDurationInSecs: pinned ? seconds : 0 },
    });
  },
});
