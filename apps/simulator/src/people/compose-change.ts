import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Addressing } from '../jid.ts';
import { encryptAddOn } from './add-on.ts';
import { type Author, ImpossibleContent } from './author.ts';
import { typeOf, unwrap } from './content.ts';
import type { ContentOf } from './outgoing-content.ts';
import { hashOfOption, type ShownMessage } from './shown-message.ts';

type ChangeContent = ContentOf<'vote' | 'reaction' | 'edit' | 'delete' | 'pin' | 'keep' | 'response' | 'disappearing'>;

const { Type } = proto.Message.ProtocolMessage;
const { EventResponseType } = proto.Message.EventResponseMessage;
const responseTypes = {
  going: EventResponseType.GOING,
  'not-going': EventResponseType.NOT_GOING,
  maybe: EventResponseType.MAYBE,
};
const day = 86_400;

/** What changes another message of the chat, or the chat itself. */
export function composeChange(content: ChangeContent, author: Author): proto.IMessage {
  const { find, keyOf } = author;
  const at = Date.now();
  switch (content.kind) {
    case 'reaction':
      return {
        reactionMessage: { key: keyOf(find(content.message)), text: content.emoji, senderTimestampMs: at },
      };
    case 'edit': {
      const shown = find(content.message);
      const editedMessage = edited(shown, content.text);
      const edit = { key: keyOf(shown), type: Type.MESSAGE_EDIT, editedMessage, timestampMs: at };
      return { editedMessage: { message: { protocolMessage: edit } } };
    }
    case 'delete':
      return { protocolMessage: { key: keyOf(find(content.message)), type: Type.REVOKE } };
    case 'pin': {
      const { seconds = day } = content;
      const types = proto.Message.PinInChatMessage.Type;
      const type = seconds > 0 ? types.PIN_FOR_ALL : types.UNPIN_FOR_ALL;
      return {
        pinInChatMessage: { key: keyOf(find(content.message)), type, senderTimestampMs: at },
        messageContextInfo: { messageAddOnDurationInSecs: seconds },
      };
    }
    case 'keep': {
      const { KEEP_FOR_ALL, UNDO_KEEP_FOR_ALL } = proto.KeepType;
      const keepType = content.keep ? KEEP_FOR_ALL : UNDO_KEEP_FOR_ALL;
      return { keepInChatMessage: { key: keyOf(find(content.message)), keepType, timestampMs: at } };
    }
    case 'vote': {
      const poll = find(content.poll);
      if (!poll.poll) throw new ImpossibleContent(`${content.poll} is no poll`);
      const selectedOptions = content.options.map(hashOfOption);
      const vote = encrypted(
        'Poll Vote',
        poll,
        namedBy(author, content.named),
        proto.Message.PollVoteMessage.encode({ selectedOptions }),
      );
      return { pollUpdateMessage: { pollCreationMessageKey: keyOf(poll), vote, senderTimestampMs: at } };
    }
    case 'response': {
      const event = find(content.event);
      if (!event.event) throw new ImpossibleContent(`${content.event} is no event`);
      const response = proto.Message.EventResponseMessage.encode({
        response: responseTypes[content.response],
        timestampMs: at,
        extraGuestCount: content.extraGuests,
      });
      const payload = encrypted('Event Response', event, namedBy(author, content.named), response);
      return { encEventResponseMessage: { eventCreationMessageKey: keyOf(event), ...payload } };
    }
    case 'disappearing':
      return {
        protocolMessage: {
          type: Type.EPHEMERAL_SETTING,
          ephemeralExpiration: content.seconds,
          ephemeralSettingTimestamp: Math.floor(at / 1000),
        },
      };
  }
}

/** The author, who names people by this kind of JID if one is wanted. */
function namedBy(author: Author, named: Addressing | undefined): Author {
  if (!named) return author;
  return { ...author, jidOf: ({ phone, jids: [pn, lid] }) => (named === 'lid' ? lid : pn) ?? phone };
}

function encrypted(
  use: 'Poll Vote' | 'Event Response',
  shown: ShownMessage,
  { person, jidOf }: Author,
  writer: { finish: () => Uint8Array },
) {
  const { id, secret } = shown;
  if (!secret) throw new ImpossibleContent(`${id} came without a secret`);
  return encryptAddOn(writer.finish(), { use, id, author: jidOf(shown.sender), secret, by: jidOf(person) });
}

/** The message with another text; of media, with another caption. */
function edited(shown: ShownMessage, text: string): proto.IMessage {
  const { inner } = unwrap(proto.Message.decode(shown.bytes));
  const type = typeOf(inner);
  if (type === 'conversation') return { conversation: text };
  const field: unknown = Reflect.get(inner, type);
  if (typeof field !== 'object' || field === null) throw new ImpossibleContent(`${shown.id} cannot be edited`);
  return { [type]: type === 'extendedTextMessage' ? { ...field, text } : { ...field, caption: text } };
}
