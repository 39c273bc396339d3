import { type BinaryNode, proto } from '@whiskeysockets/baileys';
import { type About, isAbout, readAbout, readEphemeralSetting } from './about.ts';
import { type Envelope, envelopeOf } from './envelope.ts';
import type { Me } from './party.ts';
import { typeOf, unwrap } from './unwrap.ts';
import { type MessageView, messageView, type ViewOptions } from './view.ts';

/** A message as it was decrypted, with the stanza that brought it. */
export interface DecryptedMessage {
  stanza: BinaryNode;
  /** `proto.Message` without padding. */
  plaintext: Uint8Array;
}

/** What a decrypted message means for a tenant. */
export type Inbound =
  | ({ what: 'message'; envelope: Envelope; content: Uint8Array } & MessageView)
  | { what: 'about'; envelope: Envelope; about: About }
  /** Messages of this chat disappear after so many seconds from now on; 0: never. */
  | { what: 'ephemeral'; envelope: Envelope; seconds: number };

/**
 * Reads a decrypted message. Made from the stanza and the plaintext alone, so that what follows from it can be stored
 * in the very commit that stores the Signal session: whoever dies afterwards, nothing is lost.
 * @returns undefined if it holds nothing that a tenant can use (keys, what a phone tells its own devices)
 */
export function readInbound(message: DecryptedMessage, me: Me, options: ViewOptions): Inbound | undefined {
  const decoded = proto.Message.decode(message.plaintext);
  return readContent(envelopeOf(message.stanza, me), withoutCopy(decoded), me, options);
}

/** The same of content whose envelope is known. */
export function readContent(
  envelope: Envelope,
  message: proto.IMessage,
  me: Me,
  options: ViewOptions,
): Inbound | undefined {
  const { content } = unwrap(message);
  const seconds = readEphemeralSetting(content);
  if (seconds !== undefined) return { what: 'ephemeral', envelope, seconds };
  const about = readAbout(content, envelope, me);
  if (about) return { what: 'about', envelope, about };
  if (typeOf(content) === undefined || isAbout(content)) return undefined;
  return {
    what: 'message',
    envelope,
    content: proto.Message.encode(message).finish(),
    ...messageView(envelope, message, options),
  };
}

/** What another device of this number has sent comes as a copy, whose secret stands beside it. */
function withoutCopy(message: proto.IMessage): proto.IMessage {
  const copied = message.deviceSentMessage?.message;
  if (!copied) return message;
  const context = copied.messageContextInfo ?? message.messageContextInfo;
  return context ? { ...copied, messageContextInfo: context } : copied;
}
