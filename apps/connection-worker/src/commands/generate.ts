import {
  type AnyMessageContent,
  generateWAMessage,
  type MessageGenerationOptions,
  type proto,
} from '@whiskeysockets/baileys';
import { silentLogger } from '../connection/silent-logger.ts';
import { type SendContext, SendRefused } from './handler.ts';

/** Makes the message that Baileys would send for a content, with the uploads that it needs. */
export async function generate(
  { sock }: SendContext,
  to: string,
  content: AnyMessageContent,
  options: Partial<MessageGenerationOptions> = {},
): Promise<proto.IMessage> {
  const { message } = await generateWAMessage(to, content, {
    logger: silentLogger,
    userJid: sock.user?.id ?? '',
    upload: sock.waUploadToServer,
    ...options,
  });
  if (!message) throw new SendRefused({ code: 'refused', message: 'The command has no content' });
  return message;
}
