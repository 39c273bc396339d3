import type { QueuedBody } from '@flotilla/contracts';
import type { proto } from '@whiskeysockets/baileys';
import { personJid } from './address.ts';
import { voiceContent } from './audio.ts';
import { compose } from './compose.ts';
import { type CommandHandler, type SendContext, SendRefused } from './handler.ts';
import { imageContent } from './image.ts';
import { videoContent } from './video.ts';

const statusJid = 'status@broadcast';
const white = 0xffffffff;
/** What WhatsApp's own colours look like. */
const defaultBackground = '#1e6e4f';

/** `send.status`: a status update that only its audience can read. */
export const sendStatus: CommandHandler<'send.status'> = (body, messageId) => ({
  messageId,
  to: statusJid,
  audience: [...new Set(body.audience.map(personJid))],
  build: async (context) => compose(context, await contentOf(context, body), { to: statusJid }),
});

async function contentOf(context: SendContext, body: QueuedBody<'send.status'>): Promise<proto.IMessage> {
  const { type = body.media ? undefined : 'text', text, media, caption = text } = body;
  if (type === 'text') {
    if (text === undefined) throw new SendRefused('invalid-content', 'A text status needs a text');
    const backgroundArgb = argb(body.backgroundColor ?? defaultBackground);
    return { extendedTextMessage: { text, backgroundArgb, textArgb: white, font: body.font ?? 0 } };
  }
  if (!media) throw new SendRefused('invalid-content', 'This status needs media');
  if (type === 'image') return imageContent(context, media, caption);
  if (type === 'video') return videoContent(context, media, { caption });
  if (type !== 'voice')
    throw new SendRefused('invalid-content', 'Say whether the media is an image, a video or a voice message (type)');
  const voice = await voiceContent(context, media);
  if (voice.audioMessage && body.backgroundColor) voice.audioMessage.backgroundArgb = argb(body.backgroundColor);
  return voice;
}

/** A colour as WhatsApp has it: alpha in front. @param hex `#RRGGBB`, or `#RRGGBBAA` as on the web */
export function argb(hex: string): number {
  const [rgb, alpha] = [hex.slice(1, 7), hex.slice(7, 9) || 'ff'];
  return Number.parseInt(`${alpha}${rgb}`, 16);
}
