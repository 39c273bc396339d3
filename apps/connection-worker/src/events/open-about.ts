import type { EventData, EventMessage } from '@flotilla/contracts';
import { proto } from '@whiskeysockets/baileys';
import type { About, Sealed } from './about.ts';
import { contentView } from './kinds.ts';
import { addressesOf, type Me, userJid } from './party.ts';
import { messageSecret, openSealed } from './secret.ts';
import { unwrap } from './unwrap.ts';
import { optionNames, votedFor } from './votes.ts';

/** What is known of the message that another one is about. */
export interface Parent {
  message?: EventMessage;
  /** Bytes of its `proto.Message`. */
  content?: Buffer;
}

type Answer = NonNullable<EventData<'messages.update'>['response']>['answer'];

/** A message about a message, decrypted. */
export type Opened =
  | { what: 'reaction'; emoji: string }
  | { what: 'edit'; message: proto.IMessage; content: Uint8Array }
  | { what: 'revoke' }
  | { what: 'pin'; pinned: boolean }
  | { what: 'keep'; kept: boolean }
  | { what: 'vote'; options: string[]; names: string[] }
  /** Its poll is not known here, so that nobody can tell what was chosen. */
  | { what: 'unreadable-vote' }
  | { what: 'response'; answer: Answer; extraGuests: number | undefined }
  | { what: 'nothing' };

const { EventResponseType } = proto.Message.EventResponseMessage;
const answers = new Map<unknown, Answer>([
  [EventResponseType.GOING, 'going'],
  [EventResponseType.NOT_GOING, 'not-going'],
  [EventResponseType.MAYBE, 'maybe'],
]);

/** Decrypts what is encrypted with the secret of the message that it is about. */
export function openAbout(about: About, parent: Parent | undefined, me: Me): Opened {
  switch (about.what) {
    case 'edit':
      return editOf(about.message);
    case 'vote':
      return openVote(about, about.sealed, parent, me);
    case 'response': {
      const bytes = open('response', about, about.sealed, parent, me);
      const response = bytes && decoded(() => proto.Message.EventResponseMessage.decode(bytes));
      const extraGuests = response?.extraGuestCount || undefined;
      return { what: 'response', answer: answers.get(response?.response) ?? 'unknown', extraGuests };
    }
    case 'sealed-reaction': {
      const bytes = open('reaction', about, about.sealed, parent, me);
      const reaction = bytes && decoded(() => proto.Message.ReactionMessage.decode(bytes));
      return reaction ? { what: 'reaction', emoji: reaction.text ?? '' } : { what: 'nothing' };
    }
    case 'sealed-edit': {
      const bytes =
        open('message-edit', about, about.sealed, parent, me) ?? open('event-edit', about, about.sealed, parent, me);
      const edited = bytes && decoded(() => proto.Message.decode(bytes));
      const message = edited && (unwrap(edited).content.protocolMessage?.editedMessage ?? edited);
      return message ? editOf(message) : { what: 'nothing' };
    }
    default:
      return about;
  }
}

const editOf = (message: proto.IMessage): Opened => ({
  what: 'edit',
  message,
  content: proto.Message.encode(message).finish(),
});

function openVote(about: About, sealed: Sealed, parent: Parent | undefined, me: Me): Opened {
  const poll = parent?.content && contentView(unwrap(proto.Message.decode(parent.content)).content).poll;
  const bytes = poll && open('vote', about, sealed, parent, me);
  const vote = bytes && decoded(() => proto.Message.PollVoteMessage.decode(bytes));
  if (!poll || !vote) return { what: 'unreadable-vote' };
  return { what: 'vote', options: votedFor(vote, optionNames(poll.options)), names: poll.options };
}

function open(
  purpose: Parameters<typeof openSealed>[0],
  { target, by }: About,
  sealed: Sealed,
  parent: Parent | undefined,
  me: Me,
): Buffer | undefined {
  const secret = parent?.content && decoded(() => messageSecret(proto.Message.decode(parent.content ?? Buffer.of())));
  if (!secret) return undefined;
  const mine = [userJid(me.jid), userJid(me.lid)];
  const { sender, fromMe = target.fromMe } = parent.message ?? {};
  const authors = fromMe ? mine : [target.author, ...(sender ? addressesOf(sender) : [])];
  return openSealed(purpose, sealed, { id: target.id, secret, authors: distinct(authors) }, addressesOf(by));
}

const distinct = (jids: string[]) => [...new Set(jids)].filter(Boolean);

function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
