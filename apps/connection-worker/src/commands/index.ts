import type { CommandJob, CommandName } from '@flotilla/contracts';
import { sendAlbum } from './album.ts';
import { sendAudio } from './audio.ts';
import { sendContacts } from './contacts.ts';
import { deleteMessage } from './deletion.ts';
import { sendDocument } from './document.ts';
import { editMessage } from './edit.ts';
import { sendEvent } from './event.ts';
import { forwardMessage } from './forward.ts';
import { sendGroupInvite } from './group-invite.ts';
import { type CommandHandler, type Part, SendRefused } from './handler.ts';
import { sendImage } from './image.ts';
import { sendLocation } from './location.ts';
import { pinMessage } from './pin.ts';
import { sendPoll } from './poll.ts';
import { sendRaw } from './raw.ts';
import { react } from './reaction.ts';
import { sendStatus } from './status.ts';
import { sendSticker } from './sticker.ts';
import { sendText } from './text.ts';
import { sendVideo } from './video.ts';
import { votePoll } from './vote.ts';

/** One for each command of the catalog. */
const handlers: { [N in CommandName]: CommandHandler<N> } = {
  'send.text': sendText,
  'send.image': sendImage,
  'send.video': sendVideo,
  'send.audio': sendAudio,
  'send.document': sendDocument,
  'send.sticker': sendSticker,
  'send.location': sendLocation,
  'send.contacts': sendContacts,
  'send.poll': sendPoll,
  'send.event': sendEvent,
  'send.album': sendAlbum,
  'send.group-invite': sendGroupInvite,
  'send.status': sendStatus,
  'send.raw': sendRaw,
  'message.react': react,
  'message.edit': editMessage,
  'message.delete': deleteMessage,
  'message.forward': forwardMessage,
  'message.pin': pinMessage,
  'message.vote': votePoll,
};

/**
 * The messages that a command consists of. Its body is as the gateway validated it.
 * @throws SendRefused
 */
export function partsOf({ name, body, messageId }: CommandJob): Part[] {
  // A job that an older or newer gateway has queued may bear a name that is not known here.
  const handler = handlers[name] as CommandHandler<CommandName> | undefined;
  if (!handler) throw new SendRefused('invalid-content', 'This version of the worker knows no such command');
  const parts = handler(body as never, messageId);
  return Array.isArray(parts) ? parts : [parts];
}
