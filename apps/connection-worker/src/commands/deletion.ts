import { isJidGroup, proto } from '@whiskeysockets/baileys';
import { type CommandHandler, SendRefused } from './handler.ts';
import { referTo } from './referred-message.ts';

/** `message.delete`: deletes for everyone what this number wrote, and as admin of a group what others did. */
export const deleteMessage: CommandHandler<'message.delete'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: async (context) => {
    const isGroup = isJidGroup(body.to);
    const { key } = await referTo(context, body.to, body.message, isGroup ? undefined : { fromMe: true });
    if (!key.fromMe && !isGroup)
      throw new SendRefused('unsupported-message', 'What others wrote can be deleted only in groups, by an admin');
    return proto.Message.create({
      protocolMessage: { key, type: proto.Message.ProtocolMessage.Type.REVOKE },
    });
  },
});
