import { proto } from '@whiskeysockets/baileys';
import { typeOf, unwrap } from '../events/unwrap.ts';
import { contextInfoOf } from './compose.ts';
import { type CommandHandler, SendRefused } from './handler.ts';
import { withMentions } from './mentions.ts';
import { referTo } from './referred-message.ts';

/** Content whose caption can be edited; the file stays. */
const captioned = new Set(['imageMessage', 'videoMessage', 'documentMessage']);
const texts = new Set(['conversation', 'extendedTextMessage']);

/** `message.edit`: another text or caption for a message of this number. */
export const editMessage: CommandHandler<'message.edit'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: async (context) => {
    const { to, mentions } = body;
    const { key, found } = await referTo(context, to, body.message, { fromMe: true });
    if (!key.fromMe) throw new SendRefused('unsupported-message', 'Only messages of this number can be edited');
    const text = withMentions(body.text, mentions);
    const contextInfo = await contextInfoOf(context, { to, mentions, expiration: 0 });
    const { content } = found ? unwrap(found.content) : { content: { conversation: '' } };
    const type = typeOf(content) ?? '';
    if (!texts.has(type) && !captioned.has(type))
      throw new SendRefused('unsupported-message', 'Only texts and captions can be edited');
    const editedMessage: proto.IMessage = texts.has(type)
      ? { extendedTextMessage: { text, contextInfo } }
      : { [type]: { ...(Reflect.get(content, type) as object), caption: text, contextInfo } };
    return proto.Message.create({
      protocolMessage: {
        key,
        type: proto.Message.ProtocolMessage.Type.MESSAGE_EDIT,
        editedMessage,
        timestampMs: Date.now(),
      },
    });
  },
});
