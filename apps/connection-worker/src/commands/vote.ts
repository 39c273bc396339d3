import { createCipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { isLidUser, jidNormalizedUser, proto } from '@whiskeysockets/baileys';
import { messageSecret } from '../events/secret.ts';
import { unwrap } from '../events/unwrap.ts';
import { meOf } from './address.ts';
import type { FoundMessage } from './found-message.ts';
import { type CommandHandler, type SendContext, SendRefused } from './handler.ts';
import { notFound, referTo } from './referred-message.ts';

/** `message.vote`: chooses options of a poll. */
export const votePoll: CommandHandler<'message.vote'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: async (context) => {
    const { key, found } = await referTo(context, body.to, body.message, { fromMe: false });
    if (!found) throw notFound('a vote needs the poll itself');
    const { options, secret } = pollOf(found);
    const unknown = body.options.find((option) => !options.includes(option));
    if (unknown !== undefined) throw new SendRefused('invalid-content', 'The poll has no such option');
    const { author, voter } = partiesOf(context, found);
    const selectedOptions = body.options.map((option) => createHash('sha256').update(option).digest());
    return proto.Message.create({
      pollUpdateMessage: {
        pollCreationMessageKey: key,
        vote: encryptVote(selectedOptions, { pollId: key.id, author, voter, secret }),
        senderTimestampMs: Date.now(),
      },
    });
  },
});

function pollOf(found: FoundMessage): { options: string[]; secret: Uint8Array } {
  const { content } = unwrap(found.content);
  const poll =
    content.pollCreationMessage ??
    content.pollCreationMessageV2 ??
    content.pollCreationMessageV3 ??
    content.pollCreationMessageV5;
  const secret = messageSecret(found.content);
  if (!poll) throw new SendRefused('unsupported-message', 'The message is no poll');
  if (!secret) throw notFound('the secret that votes are encrypted with is not known');
  return { options: (poll.options ?? []).map(({ optionName }) => optionName ?? ''), secret };
}

/** Author and voter as the key of a vote has them: both by LID if WhatsApp addresses the author so, else by number. */
function partiesOf(context: SendContext, { fromMe, sender }: FoundMessage): { author: string; voter: string } {
  const me = meOf(context);
  const voter = isLidUser(sender) && me.lid !== '' ? me.lid : me.jid;
  return { author: fromMe ? voter : jidNormalizedUser(sender), voter };
}

/**
 * Encrypts a vote as WhatsApp's clients do: AES-256-GCM with a key by HKDF-SHA256 from the poll's secret over poll,
 * author, voter and `Poll Vote`; poll and voter are the additional data.
 * @param selectedOptions SHA-256 of each option's text
 */
export function encryptVote(
  selectedOptions: Uint8Array[],
  { pollId, author, voter, secret }: { pollId: string; author: string; voter: string; secret: Uint8Array },
): proto.Message.IPollEncValue {
  const plaintext = proto.Message.PollVoteMessage.encode({ selectedOptions }).finish();
  const key = hkdfSync('sha256', secret, Buffer.alloc(32), `${pollId}${author}${voter}Poll Vote`, 32);
  const encIv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key), encIv).setAAD(Buffer.from(`${pollId}\0${voter}`));
  return { encPayload: Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]), encIv };
}
