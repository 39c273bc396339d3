import type { CommandJob, CommandName } from '@flotilla/contracts';
import { sendContacts } from './contacts.ts';
import { deleteMessage } from './deletion.ts';
import { editMessage } from './edit.ts';
import { sendEvent } from './event.ts';
import { forwardMessage } from './forward.ts';
import { sendGroupInvite } from './group-invite.ts';
import type { CommandHandler, Part } from './handler.ts';
import { sendLocation } from './location.ts';
import { pinMessage } from './pin.ts';
import { sendPoll } from './poll.ts';
import { sendRaw } from './raw.ts';
import { react } from './reaction.ts';
import { sendText } from './text.ts';
import { votePoll } from './vote.ts';

/** One for each command of the catalog. */
const handlers: { [N in CommandName]?: CommandHandler<N> } = {
  'send.text': sendText,
  'send.location': sendLocation,
  'send.contacts': sendContacts,
  'send.poll': sendPoll,
  'send.event': sendEvent,
  'send.group-invite': sendGroupInvite,
  'send.raw': sendRaw,
  'message.react': react,
  'message.edit': editMessage,
  'message.delete': deleteMessage,
  'message.forward': forwardMessage,
  'message.pin': pinMessage,
  'message.vote': votePoll,
};

/** The messages that a command consists of. Its body is as the gateway validated it. */
export function partsOf({ name, body, messageId }: CommandJob): Part[] {
  const handler = handlers[name] as CommandHandler<CommandName> | undefined;
  if (!handler) throw new RangeError(`There is no handler for ${name}`);
  const parts = handler(body as never, messageId);
  return Array.isArray(parts) ? parts : [parts];
}
