import { messageId as derivedId } from '@flotilla/contracts';
import { compose } from './compose.ts';
import type { CommandHandler, Part } from './handler.ts';
import { imageContent } from './image.ts';
import { withMentions } from './mentions.ts';
import { videoContent } from './video.ts';

/**
 * `send.album`: a cover that says how much is to come, then each picture and video as a message that names the cover.
 * Their ids follow from the command's, so that sending again after a crash repeats none of them.
 */
export const sendAlbum: CommandHandler<'send.album'> = (body, messageId) => {
  const { to, items, mentions, expiration, forwarded } = body;
  const count = (type: 'image' | 'video') => items.filter((item) => item.type === type).length;
  const cover: Part = {
    messageId,
    to,
    build: (context) =>
      compose(
        context,
        { albumMessage: { expectedImageCount: count('image'), expectedVideoCount: count('video') } },
        body,
      ),
  };
  const parts = items.map(({ type, media, caption: written }, index): Part => {
    const caption = written && withMentions(written, mentions);
    return {
      messageId: derivedId(messageId, `item ${index + 1}`),
      to,
      build: async (context) => {
        const content =
          type === 'image'
            ? await imageContent(context, media, caption)
            : await videoContent(context, media, { caption });
        return compose(context, content, {
          to,
          mentions: caption ? mentions : [],
          expiration,
          forwarded,
          album: messageId,
        });
      },
    };
  });
  return [cover, ...parts];
};
