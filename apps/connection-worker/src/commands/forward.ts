import { proto } from '@whiskeysockets/baileys';
import { typeOf, unwrap } from '../events/unwrap.ts';
import { compose } from './compose.ts';
import { findMessage } from './found-message.ts';
import { type CommandHandler, SendRefused } from './handler.ts';
import { notFound } from './referred-message.ts';

/** What means something only where it was written. */
const unforwardable = new Set(['albumMessage', 'groupInviteMessage', 'call', 'liveLocationMessage']);

/**
 * `message.forward`: the content of a kept message in another chat. A file is not uploaded again. As phones do it, what
 * somebody else wrote is marked as forwarded once more than it was, and what this number wrote only if it was already.
 */
export const forwardMessage: CommandHandler<'message.forward'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: async (context) => {
    const found = await findMessage(context, body.message.id);
    if (!found) throw notFound('only what is in the history, with its content, can be forwarded');
    const { content, viewOnce } = unwrap(found.content);
    const type = typeOf(content) ?? '';
    if (viewOnce || type === '' || unforwardable.has(type))
      throw new SendRefused('unsupported-message', 'A message of this kind cannot be forwarded');
    const copy = proto.Message.decode(proto.Message.encode({ ...content, messageContextInfo: undefined }).finish());
    const text = copy.conversation;
    const message: proto.IMessage = text ? { extendedTextMessage: { text } } : copy;
    const value: unknown = Reflect.get(message, typeOf(message) ?? '');
    if (typeof value === 'object' && value !== null) {
      const before = (value as { contextInfo?: proto.IContextInfo | null }).contextInfo?.forwardingScore ?? 0;
      const forwardingScore = before + (found.fromMe ? 0 : 1);
      Reflect.set(value, 'contextInfo', forwardingScore > 0 ? { forwardingScore, isForwarded: true } : {});
    }
    return compose(context, message, { to: body.to });
  },
});
