import type { KeptMessage } from '@flotilla/history';
import { proto } from '@whiskeysockets/baileys';
import { contentView } from '../events/kinds.ts';
import { unwrap } from '../events/unwrap.ts';
import { RequestError } from '../request-lane.ts';
import type { RequestContext, RequestHandler } from './handler.ts';
import { keyOf } from './message-key.ts';

/**
 * A message of the history.
 * @throws RequestError MESSAGE_NOT_FOUND
 */
async function kept({ history }: RequestContext, id: string): Promise<KeptMessage> {
  const found = await history.read(id);
  if (!found) throw new RequestError('MESSAGE_NOT_FOUND', id);
  return found;
}

export const starMessage: RequestHandler<'message.star'> = async ({ message: id, starred }, context) => {
  const { message } = await kept(context, id);
  await context.sock.star(message.chat, [{ id, fromMe: message.fromMe }], starred);
  await context.store.write(context.history.setStarred({ id, chats: [message.chat] }, starred));
  return {};
};

export const deleteForMe: RequestHandler<'message.delete-for-me'> = async ({ message: id, deleteMedia }, context) => {
  const { message } = await kept(context, id);
  await context.sock.chatModify(
    {
      deleteForMe: {
        key: keyOf(message),
        timestamp: Math.floor(message.timestamp / 1_000),
        deleteMedia: deleteMedia ?? false,
      },
    },
    message.chat,
  );
  await context.store.write(context.history.remove([{ id, chats: [message.chat] }]));
  return {};
};

export const rawMessage: RequestHandler<'message.raw'> = async ({ message: id }, context) => {
  const { message, content, editedContent } = await kept(context, id);
  const bytes = editedContent ?? content;
  return proto.WebMessageInfo.fromObject({
    key: keyOf(message),
    messageTimestamp: Math.floor(message.timestamp / 1_000),
    ...(message.sender.pushName ? { pushName: message.sender.pushName } : {}),
    ...(bytes ? { message: proto.Message.decode(bytes) } : {}),
  }).toJSON();
};

export const fetchMedia: RequestHandler<'message.fetch-media'> = async ({ message: id }, context) => {
  const { message, content } = await kept(context, id);
  const file = content && contentView(unwrap(proto.Message.decode(content)).content).file;
  if (!file) throw new RequestError('VALIDATION', 'message: has no file, or what it takes to fetch it is not kept');
  const descriptor = await context.fetchAgain({
    id,
    chat: message.chat,
    chats: [message.chat],
    sender: message.sender.jid,
    fromMe: message.fromMe,
    file: file.file,
    about: { ...file.about, status: 'pending' },
  });
  // The socket that would fetch it has just gone.
  if (!descriptor) throw new RequestError('OUTCOME_UNKNOWN');
  return descriptor;
};
