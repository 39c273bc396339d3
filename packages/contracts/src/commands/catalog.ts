import type { Static, TObject, TSchema } from 'typebox';
import { Sent } from '../messages.ts';
import { DeleteMessage, EditMessage, ForwardMessage, PinMessage, React, VotePoll } from './about-messages.ts';
import {
  SendAlbum,
  SendAudio,
  SendContacts,
  SendDocument,
  SendEvent,
  SendGroupInvite,
  SendImage,
  SendLocation,
  SendPoll,
  SendRaw,
  SendStatus,
  SendSticker,
  SendText,
  SendVideo,
} from './content.ts';

/** A command: its route below `/v1/instances/{instance}`, what it takes and what it answers. */
export interface CommandSpec {
  path: `/${string}`;
  summary: string;
  description: string;
  body: TObject;
  result: TSchema;
}

const accepted =
  'Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.';

const send = <B extends TObject>(path: `/${string}`, summary: string, body: B, more = '') => ({
  path,
  summary,
  description: more ? `${more} ${accepted}` : accepted,
  body,
  result: Sent,
});

/**
 * Every command that becomes a message on WhatsApp, declared once: the gateway makes routes, validation and
 * documentation from it, the connection worker must have a handler for each. They are sent strictly in order.
 */
export const commands = {
  'send.text': send('/messages/text', 'Send a text message', SendText),
  'send.image': send('/messages/image', 'Send a picture', SendImage),
  'send.video': send('/messages/video', 'Send a video, a GIF or a round video message', SendVideo),
  'send.audio': send('/messages/audio', 'Send a voice message or a sound file', SendAudio),
  'send.document': send('/messages/document', 'Send a file', SendDocument),
  'send.sticker': send(
    '/messages/sticker',
    'Send a sticker',
    SendSticker,
    'Any picture is converted to WebP of 512×512 pixels.',
  ),
  'send.location': send('/messages/location', 'Send a place', SendLocation),
  'send.contacts': send('/messages/contacts', 'Send contact cards', SendContacts),
  'send.poll': send('/messages/poll', 'Send a poll', SendPoll, 'Votes come as `messages.update` events.'),
  'send.event': send('/messages/event', 'Send an event', SendEvent, 'Responses come as `messages.update` events.'),
  'send.album': send(
    '/messages/album',
    'Send several pictures and videos as one album',
    SendAlbum,
    'The answer has the id of the album; it is acknowledged when all of its items are.',
  ),
  'send.group-invite': send('/messages/group-invite', 'Invite somebody into a group', SendGroupInvite),
  'send.status': send('/messages/status', 'Post a status update', SendStatus, 'Only the audience can see it.'),
  'send.raw': send('/messages/raw', 'Send any message that WhatsApp knows', SendRaw),
  'message.react': send('/messages/reaction', 'React to a message, or take the reaction back', React),
  'message.edit': send('/messages/edit', 'Edit a message of this number', EditMessage),
  'message.delete': send('/messages/delete', 'Delete a message for everyone', DeleteMessage),
  'message.forward': send('/messages/forward', 'Forward a message', ForwardMessage, '`to` is who gets it.'),
  'message.pin': send('/messages/pin', 'Pin a message in its chat, or take the pin away', PinMessage),
  'message.vote': send('/messages/vote', 'Vote in a poll', VotePoll),
} as const satisfies Record<string, CommandSpec>;

export type CommandName = keyof typeof commands;
export type CommandBody<N extends CommandName> = Static<(typeof commands)[N]['body']>;
/** A command's body as the worker gets it: `to` has become a JID, `ttl` an `expiresAt` of the job. */
export type QueuedBody<N extends CommandName> = Omit<CommandBody<N>, 'ttl' | 'to'> & { to: string };
