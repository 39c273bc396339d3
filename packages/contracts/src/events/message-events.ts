import Type from 'typebox';
import { EventMessage, MediaDescriptor, Party, PollResult } from '../message.ts';
import { messageStatuses, SendError } from '../messages.ts';

const at = Type.Integer({ description: 'Unix ms' });
const target = { id: Type.String(), chat: Type.String({ description: 'JID' }) };

/** Payloads of everything that happens to messages. */
export const messageEvents = {
  'messages.upsert': Type.Object(
    {
      type: Type.Enum(['notify', 'append'], {
        description:
          '`append`: it arrived while the instance was offline, or the API has sent it (if the instance is set to `emitSentMessages`)',
      }),
      message: EventMessage,
    },
    {
      description:
        'A message came in, or was sent from another device of this number. The same id again: it takes the place of one that was `unreadable`',
    },
  ),
  'messages.update': Type.Object(
    {
      ...target,
      fromMe: Type.Optional(Type.Boolean()),
      status: Type.Optional(Type.Enum(Object.keys(messageStatuses) as (keyof typeof messageStatuses)[])),
      error: Type.Optional(SendError),
      edited: Type.Optional(Type.Object({ by: Party, at, message: EventMessage })),
      deleted: Type.Optional(Type.Object({ by: Party, at })),
      vote: Type.Optional(
        Type.Object({
          voter: Party,
          at,
          options: Type.Array(Type.String(), { description: 'What this voter has chosen now; none: took it back' }),
          result: PollResult,
          unreadable: Type.Optional(
            Type.Boolean({ description: 'The poll is not known here, so nobody can tell what was chosen' }),
          ),
        }),
      ),
      response: Type.Optional(
        Type.Object({
          responder: Party,
          at,
          answer: Type.Enum(['going', 'not-going', 'maybe', 'unknown']),
          extraGuests: Type.Optional(Type.Integer()),
        }),
      ),
      pinned: Type.Optional(Type.Object({ by: Party, at, pinned: Type.Boolean() })),
      kept: Type.Optional(
        Type.Object(
          { by: Party, at, kept: Type.Boolean() },
          { description: 'Whether a message that would disappear is kept' },
        ),
      ),
      starred: Type.Optional(Type.Boolean()),
    },
    {
      description:
        'Something became of a message: acknowledged, delivered, read, played, failed; edited, deleted, pinned, starred; a vote or a response came',
    },
  ),
  'messages.reaction': Type.Object(
    {
      ...target,
      fromMe: Type.Boolean({ description: 'Whether the message is ours' }),
      sender: Party,
      at,
      emoji: Type.String({ description: 'Empty: taken back' }),
    },
    { description: 'Somebody reacted to a message, or took it back' },
  ),
  'messages.delete': Type.Object(
    { chat: Type.String(), ids: Type.Optional(Type.Array(Type.String(), { description: 'None: all of the chat' })) },
    { description: 'Messages were deleted for this number alone, on one of its devices' },
  ),
  'messages.media-update': Type.Object(
    { ...target, media: MediaDescriptor },
    { description: 'The file of a message was stored, or could not be fetched' },
  ),
  'message-receipt.update': Type.Object(
    {
      chat: Type.String(),
      ids: Type.Array(Type.String()),
      status: Type.Enum(['delivered', 'read', 'played']),
      participant: Party,
      at,
    },
    { description: 'Somebody in a group, or of the audience of a status, got or saw messages' },
  ),
  'messaging-history.status': Type.Object(
    {
      progress: Type.Optional(Type.Integer({ description: 'Percent' })),
      messages: Type.Integer({ description: 'Stored with this part' }),
      chats: Type.Integer(),
      contacts: Type.Integer(),
      complete: Type.Boolean(),
    },
    { description: 'A part of the history that the phone sends after pairing, or on request, has been stored' },
  ),
} as const;
