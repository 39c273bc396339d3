import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { EncryptedAddOn } from './add-on.ts';

/** Key of the message that a change is about, as the sender of the change sees it. */
type Key = proto.IMessageKey;

/** What a message does to another one, instead of being one to read. */
export type Change = { key: Key } & (
  | { as: 'reaction'; text: string }
  | { as: 'edit'; message: proto.IMessage }
  | { as: 'delete' }
  | { as: 'pin'; pinned: boolean; seconds: number }
  | { as: 'keep'; kept: boolean }
  | { as: 'vote'; encrypted: EncryptedAddOn }
  | { as: 'response'; encrypted: EncryptedAddOn }
);

const { Type } = proto.Message.ProtocolMessage;

/** The change that an unwrapped message makes, if it is one. */
export function changeIn(inner: proto.IMessage): Change | undefined {
  const { reactionMessage, protocolMessage, pinInChatMessage, keepInChatMessage } = inner;
  if (reactionMessage?.key) return { as: 'reaction', key: reactionMessage.key, text: reactionMessage.text ?? '' };
  if (protocolMessage?.key) {
    const { key, type, editedMessage } = protocolMessage;
    if (type === Type.REVOKE) return { as: 'delete', key };
    if (type === Type.MESSAGE_EDIT && editedMessage) return { as: 'edit', key, message: editedMessage };
  }
  if (pinInChatMessage?.key) {
    const pinned = pinInChatMessage.type === proto.Message.PinInChatMessage.Type.PIN_FOR_ALL;
    const seconds = inner.messageContextInfo?.messageAddOnDurationInSecs ?? 0;
    return { as: 'pin', key: pinInChatMessage.key, pinned, seconds };
  }
  if (keepInChatMessage?.key) {
    const kept = keepInChatMessage.keepType === proto.KeepType.KEEP_FOR_ALL;
    return { as: 'keep', key: keepInChatMessage.key, kept };
  }
  const vote = inner.pollUpdateMessage;
  if (vote?.pollCreationMessageKey && vote.vote) {
    return { as: 'vote', key: vote.pollCreationMessageKey, encrypted: bytesOf(vote.vote) };
  }
  const response = inner.encEventResponseMessage;
  if (response?.eventCreationMessageKey) {
    return { as: 'response', key: response.eventCreationMessageKey, encrypted: bytesOf(response) };
  }
  return undefined;
}

function bytesOf({ encPayload, encIv }: proto.Message.IPollEncValue): EncryptedAddOn {
  return { encPayload: encPayload ?? Buffer.alloc(0), encIv: encIv ?? Buffer.alloc(0) };
}
