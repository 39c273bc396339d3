import { jidNormalizedUser } from '@whiskeysockets/baileys';
import type { RequestHandler } from './handler.ts';

/** A label that is deleted still needs a name and a color on the wire. */
const nothing = { name: '', color: 0 };

export const saveLabel: RequestHandler<'label.save'> = async ({ label, name, color = 0 }, { sock }) => {
  await sock.addLabel(jidNormalizedUser(sock.user?.id), { id: label, name, color });
  return {};
};

export const removeLabel: RequestHandler<'label.remove'> = async ({ label }, { sock }) => {
  await sock.addLabel(jidNormalizedUser(sock.user?.id), { id: label, ...nothing, deleted: true });
  return {};
};

export const associateLabel: RequestHandler<'label.associate'> = async (input, { sock }) => {
  const { label, chat, message, labelled } = input;
  if (message === undefined) await (labelled ? sock.addChatLabel(chat, label) : sock.removeChatLabel(chat, label));
  else if (labelled) await sock.addMessageLabel(chat, message, label);
  else await sock.removeMessageLabel(chat, message, label);
  return {};
};
