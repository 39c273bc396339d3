import type { proto } from '@whiskeysockets/baileys';
import { compose } from './compose.ts';
import type { CommandHandler, SendContext } from './handler.ts';
import { type MediaSource, withFile } from './media-file.ts';
import { upload } from './upload.ts';

/** Makes a voice message of any sound: Opus in Ogg, with the bars that phones draw. */
export function voiceContent(context: SendContext, media: MediaSource): Promise<proto.IMessage> {
  return withFile(context, media, async ({ path, beside }) => {
    const output = beside('voice.ogg');
    const { mimeType, seconds, waveform } = await context.converter.voiceNote(path, output, context.signal);
    const file = await upload(context, 'audio', { path: output, beside });
    return { audioMessage: { ...file, mimetype: mimeType, seconds, waveform, ptt: true } };
  });
}

function soundContent(context: SendContext, media: MediaSource): Promise<proto.IMessage> {
  return withFile(context, media, async (source) => {
    const { seconds } = await context.converter.audio(source.path, context.signal);
    const file = await upload(context, 'audio', source);
    return { audioMessage: { ...file, mimetype: source.mimeType, seconds, ptt: false } };
  });
}

/** `send.audio`: a voice message, or a sound file as it is. */
export const sendAudio: CommandHandler<'send.audio'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: async (context) => {
    const { media, voice = true } = body;
    return compose(context, await (voice ? voiceContent : soundContent)(context, media), body);
  },
});
