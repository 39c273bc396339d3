import { answeredCode } from './answered-code.ts';
import { compose } from './compose.ts';
import { type CommandHandler, type SendContext, SendRefused } from './handler.ts';

/**
 * `send.group-invite`: an invitation into a group. With a code it is one for the recipient alone, which WhatsApp gives
 * out when somebody could not be added; without, it is the group's link as phones share it.
 */
export const sendGroupInvite: CommandHandler<'send.group-invite'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: async (context) => {
    const { group, text, code, expiresAt } = body;
    const { subject } = await context.sock.groupMetadata(group).catch((error: unknown) => refuse(context, error));
    if (code !== undefined) {
      const groupInviteMessage = {
        groupJid: group,
        groupName: subject,
        inviteCode: code,
        inviteExpiration: Math.floor((expiresAt ?? Date.now() + 3 * 86_400_000) / 1_000),
        caption: text,
      };
      return compose(context, { groupInviteMessage }, body);
    }
    const linkCode = await context.sock.groupInviteCode(group).catch((error: unknown) => refuse(context, error));
    if (!linkCode) throw new SendRefused('refused', 'WhatsApp gave no invite link for the group');
    const link = `https://chat.whatsapp.com/${linkCode}`;
    const extendedTextMessage = {
      text: text ? `${text}\n${link}` : link,
      matchedText: link,
      title: subject,
      description: 'WhatsApp Group Invite',
      previewType: 0,
      inviteLinkGroupTypeV2: 0,
    };
    return compose(context, { extendedTextMessage }, body);
  },
});

/** What WhatsApp answered to the question for the group: no member, no admin, no such group. */
function refuse({ sock, signal }: SendContext, error: unknown): never {
  const code = answeredCode(error);
  if (signal.aborted || !sock.ws.isOpen || code === undefined) throw error;
  throw new SendRefused('refused', 'WhatsApp lets only admins of the group invite others', { whatsappCode: code });
}
