import type { proto } from '@whiskeysockets/baileys';

/** Fields that hold a whole message: what is inside counts. All of them are a `FutureProofMessage` on the wire. */
const wrappers = [
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'editedMessage',
  'associatedChildMessage',
  'groupMentionedMessage',
  'groupStatusMessage',
  'groupStatusMessageV2',
  'groupStatusMentionMessage',
  'statusMentionMessage',
  'statusAddYours',
  'lottieStickerMessage',
  'botInvokeMessage',
  'botTaskMessage',
  'botForwardedMessage',
  'eventCoverImage',
  'limitSharingMessage',
  'pollCreationMessageV4',
  'pollCreationOptionImageMessage',
  'questionMessage',
  'questionReplyMessage',
] as const satisfies (keyof proto.IMessage)[];

const viewOnceWrappers: ReadonlySet<string> = new Set([
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
]);

/** Fields that clients exchange among themselves beside the content, or without any. */
const beside: ReadonlySet<string> = new Set([
  'senderKeyDistributionMessage',
  'fastRatchetKeySenderKeyDistributionMessage',
  'messageContextInfo',
]);

/** So many wrappers are taken off at most: what comes from outside must not keep anybody busy. */
const deepest = 6;

export interface Unwrapped {
  /** The content without its wrappers; context that only a wrapper has is kept. */
  content: proto.IMessage;
  viewOnce: boolean;
}

/** Takes the wrappers off a message, also that of a copy of what another device of this number has sent. */
export function unwrap(message: proto.IMessage): Unwrapped {
  let content = message.deviceSentMessage?.message ?? message;
  let context = content.messageContextInfo ?? message.messageContextInfo;
  let viewOnce = false;
  for (let depth = 0; depth < deepest; depth += 1) {
    const current = content;
    const name = wrappers.find((each) => current[each]?.message);
    const inner = name && current[name]?.message;
    if (!inner) break;
    viewOnce ||= viewOnceWrappers.has(name);
    content = inner;
    context = inner.messageContextInfo ?? context;
  }
  return { content: context ? { ...content, messageContextInfo: context } : content, viewOnce };
}

/** The name of the field that holds the content, or undefined if there is nothing that anybody wrote. */
export function typeOf(content: proto.IMessage): string | undefined {
  return Object.entries(content).find(
    ([name, value]) => value !== null && value !== undefined && !beside.has(name),
  )?.[0];
}
