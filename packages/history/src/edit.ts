import type { EventMessage } from '@flotilla/contracts';

/** A message as it reads after an edit: the new words, the old place. */
export function withEdit(message: EventMessage, edited: EventMessage): EventMessage {
  const { text, caption, mentions, mentionsAll, event, media } = edited;
  return {
    ...message,
    text,
    caption,
    mentions,
    mentionsAll,
    ...(event ? { event } : {}),
    // An edited caption brings the file's description along, but the file is the same.
    ...(message.media ? {} : media ? { media } : {}),
  };
}
