import type { proto } from '@whiskeysockets/baileys';
import { compose } from './compose.ts';
import type { CommandHandler, SendContext } from './handler.ts';
import { type LocalFile, type MediaSource, withFile } from './media-file.ts';
import { withMentions } from './mentions.ts';
import { upload } from './upload.ts';

/** How a video is shown. */
export interface VideoManner {
  caption?: string;
  gif?: boolean;
  note?: boolean;
}

/** Uploads a video: as it is, unless it is to play like a GIF and is none that phones can play so. */
export function videoContent(
  context: SendContext,
  media: MediaSource,
  { caption, gif, note }: VideoManner,
): Promise<proto.IMessage> {
  return withFile(context, media, async (source) => {
    const { path, mimetype, width, height, seconds, thumbnail } = await playable(context, source, gif ?? false);
    const file = await upload(context, 'video', { ...source, path });
    const video = { ...file, mimetype, width, height, seconds, jpegThumbnail: thumbnail };
    // A round one has no room for a caption.
    return note
      ? { ptvMessage: video }
      : { videoMessage: { ...video, caption, ...(gif ? { gifPlayback: true } : {}) } };
  });
}

async function playable({ converter, signal }: SendContext, { path, mimeType, beside }: LocalFile, gif: boolean) {
  if (gif && mimeType !== 'video/mp4') {
    const output = beside('playback.mp4');
    const { mimeType: mimetype, ...film } = await converter.gifPlayback(path, output, signal);
    return { path: output, mimetype, ...film };
  }
  const film = await converter.video(path, signal);
  return { path, mimetype: mimeType.startsWith('video/') ? mimeType : 'video/mp4', ...film };
}

/** `send.video`: a video, one that plays like a GIF, or a round one. */
export const sendVideo: CommandHandler<'send.video'> = (body, messageId) => ({
  messageId,
  to: body.to,
  build: async (context) => {
    const caption = body.caption && withMentions(body.caption, body.mentions);
    return compose(context, await videoContent(context, body.media, { ...body, caption }), body);
  },
});
