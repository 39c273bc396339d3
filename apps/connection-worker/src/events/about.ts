import type { Party } from '@flotilla/contracts';
import { proto } from '@whiskeysockets/baileys';
import type { Envelope } from './envelope.ts';
import { isMe, type Me, userJid } from './party.ts';

/** The message that another one is about. */
interface AboutTarget {
  id: string;
  chat: string;
  chats: string[];
  /** Whether it is this number's. */
  fromMe: boolean;
  /** Who wrote it, as far as the message about it says. */
  author: string;
}

/** Something encrypted with the secret of the message that it is about. */
export interface Sealed {
  payload: Uint8Array;
  iv: Uint8Array;
}

interface Common {
  target: AboutTarget;
  by: Party;
  /** Unix ms. */
  at: number;
}

/** A message about a message: it is shown as a part of that one, not by itself. */
export type About = Common &
  (
    | { what: 'reaction'; emoji: string }
    | { what: 'edit'; message: proto.IMessage }
    | { what: 'revoke' }
    | { what: 'pin'; pinned: boolean }
    | { what: 'keep'; kept: boolean }
    | { what: 'vote' | 'response' | 'sealed-edit' | 'sealed-reaction'; sealed: Sealed }
  );

const { Type: ProtocolType } = proto.Message.ProtocolMessage;
const { Type: PinType } = proto.Message.PinInChatMessage;

/**
 * Reads an unwrapped message that is about another one.
 * @returns undefined if it is not
 */
export function readAbout(content: proto.IMessage, envelope: Envelope, me: Me): About | undefined {
  const about = (key: proto.IMessageKey | null | undefined, at?: Time): Common | undefined =>
    key?.id
      ? { target: targetOf(key.id, key, envelope, me), by: envelope.sender, at: timeOf(at) ?? envelope.at }
      : undefined;
  const sealed = (part: { encPayload?: Uint8Array | null; encIv?: Uint8Array | null } | null | undefined) =>
    part?.encPayload && part.encIv ? { payload: part.encPayload, iv: part.encIv } : undefined;

  const { reactionMessage: reaction, protocolMessage, pinInChatMessage: pin, keepInChatMessage: keep } = content;
  if (reaction) {
    const common = about(reaction.key, reaction.senderTimestampMs);
    return common && { ...common, what: 'reaction', emoji: reaction.text ?? '' };
  }
  if (protocolMessage) return readProtocol(protocolMessage, about);
  if (pin) {
    const common = about(pin.key, pin.senderTimestampMs);
    return common && { ...common, what: 'pin', pinned: pin.type === PinType.PIN_FOR_ALL };
  }
  if (keep) {
    const common = about(keep.key, keep.timestampMs);
    return common && { ...common, what: 'keep', kept: keep.keepType === proto.KeepType.KEEP_FOR_ALL };
  }
  const {
    pollUpdateMessage: vote,
    encEventResponseMessage: response,
    encReactionMessage,
    secretEncryptedMessage,
  } = content;
  if (vote) return withSecret('vote', about(vote.pollCreationMessageKey, vote.senderTimestampMs), sealed(vote.vote));
  if (response) return withSecret('response', about(response.eventCreationMessageKey), sealed(response));
  if (encReactionMessage)
    return withSecret('sealed-reaction', about(encReactionMessage.targetMessageKey), sealed(encReactionMessage));
  if (secretEncryptedMessage)
    return withSecret('sealed-edit', about(secretEncryptedMessage.targetMessageKey), sealed(secretEncryptedMessage));
  return undefined;
}

/** Whether content is about another message, or between clients: it is never a message of its own. */
export const isAbout = (content: proto.IMessage) =>
  Boolean(
    content.reactionMessage ??
      content.protocolMessage ??
      content.pinInChatMessage ??
      content.keepInChatMessage ??
      content.pollUpdateMessage ??
      content.encEventResponseMessage ??
      content.encReactionMessage ??
      content.secretEncryptedMessage ??
      content.stickerSyncRmrMessage,
  );

function readProtocol(
  protocol: proto.Message.IProtocolMessage,
  about: (key: proto.IMessageKey | null | undefined, at?: Time) => Common | undefined,
): About | undefined {
  if (protocol.type === ProtocolType.REVOKE) {
    const common = about(protocol.key);
    return common && { ...common, what: 'revoke' };
  }
  if (protocol.type === ProtocolType.MESSAGE_EDIT && protocol.editedMessage) {
    const common = about(protocol.key, protocol.timestampMs);
    return common && { ...common, what: 'edit', message: protocol.editedMessage };
  }
  return undefined;
}

function withSecret(
  what: 'vote' | 'response' | 'sealed-edit' | 'sealed-reaction',
  common: Common | undefined,
  sealed: Sealed | undefined,
): About | undefined {
  return common && sealed && { ...common, what, sealed };
}

/** How long messages of this chat stay from now on (seconds; 0: for ever), if that is what a message says. */
export function readEphemeralSetting({ protocolMessage }: proto.IMessage): number | undefined {
  return protocolMessage?.type === ProtocolType.EPHEMERAL_SETTING
    ? (protocolMessage.ephemeralExpiration ?? 0)
    : undefined;
}

/** Turns a key round: it says `fromMe` and `remoteJid` as whoever wrote it sees them. The chat is the envelope's. */
function targetOf(id: string, key: proto.IMessageKey, envelope: Envelope, me: Me): AboutTarget {
  const { chat, chats, sender, fromMe: isMine } = envelope;
  const isTheirs = key.fromMe ?? false;
  const named = key.participant ?? (isTheirs ? undefined : key.remoteJid);
  const fromMe = isMine ? isTheirs : !isTheirs && isMe(named, me);
  const author = isTheirs ? sender.jid : fromMe ? me.jid : userJid(key.participant) || (isMine ? chat : '');
  return { id, chat, chats, fromMe, author: userJid(author) };
}

type Time = number | { toString(): string } | null | undefined;

/** A time in ms that somebody else's clock gave; undefined if it can be none. */
function timeOf(time: Time): number | undefined {
  const value = Number(time ?? 0);
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
