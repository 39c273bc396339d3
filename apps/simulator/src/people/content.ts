import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { type MediaReference, mediaIn } from './media.ts';

/** What a message replies to. */
export interface Quoted {
  id: string;
  type: string | undefined;
  text: string | undefined;
  /** JID that the reply names as the author. */
  sender: string | undefined;
}

/** The parts of a message that a person sees, whatever its kind. */
export interface Content {
  /** Kind of content: the name of the innermost field, such as `conversation` or `imageMessage`. */
  type: string;
  /** Text, caption, or the text in the middle of what has several. */
  text: string | undefined;
  quoted: Quoted | undefined;
  /** JIDs. */
  mentions: string[];
  mentionsAll: boolean;
  /** Seconds after which the message disappears; 0 if it stays. */
  expiration: number;
  viewOnce: boolean;
  /** How often it was forwarded; 0 if it was not. */
  forwardingScore: number;
  preview: LinkPreview | undefined;
  media: MediaReference | undefined;
}

export interface LinkPreview {
  url: string;
  title: string | undefined;
  description: string | undefined;
  thumbnail: boolean;
}

/** Fields that hold a whole message: what is inside counts. */
const wrappers = [
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'editedMessage',
  'associatedChildMessage',
  'groupMentionedMessage',
  'lottieStickerMessage',
  'botInvokeMessage',
  'eventCoverImage',
  'limitSharingMessage',
  'pollCreationMessageV4',
  'groupStatusMessage',
  'groupStatusMessageV2',
] as const;
const viewOnceWrappers: ReadonlySet<string> = new Set([
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
]);
/** Fields that stand beside the content. */
const beside: ReadonlySet<string> = new Set(['messageContextInfo', 'senderKeyDistributionMessage']);
/** Wrappers inside wrappers, at most: a message from outside must not keep anybody busy. */
const maxDepth = 5;

/** A message without its wrappers, and their names. Context that only a wrapper has is kept. */
export function unwrap(message: proto.IMessage): { inner: proto.IMessage; names: string[] } {
  let inner = message;
  let { messageContextInfo } = message;
  const names: string[] = [];
  while (names.length < maxDepth) {
    const current = inner;
    const name = wrappers.find((each) => current[each]?.message);
    const next = name && current[name]?.message;
    if (!next) break;
    names.push(name);
    inner = next;
    messageContextInfo = inner.messageContextInfo ?? messageContextInfo;
  }
  return { inner: messageContextInfo ? { ...inner, messageContextInfo } : inner, names };
}

/** The name of the field that holds the content; `senderKeyDistributionMessage` if there is nothing else. */
export function typeOf(inner: proto.IMessage): string {
  const names = Object.keys(inner);
  return names.find((name) => !beside.has(name)) ?? names.at(-1) ?? 'unknown';
}

/** What a person sees of a message. */
export function contentOf(message: proto.IMessage): Content {
  const { inner, names } = unwrap(message);
  const type = typeOf(inner);
  const context = contextOf(inner, type);
  const field: unknown = Reflect.get(inner, type);
  const marked = typeof field === 'object' && field !== null && 'viewOnce' in field && field.viewOnce === true;
  return {
    type,
    text: textOf(inner),
    quoted: quotedIn(context),
    mentions: context?.mentionedJid ?? [],
    mentionsAll: (context?.nonJidMentions ?? 0) > 0,
    expiration: context?.expiration ?? 0,
    viewOnce: marked || names.some((name) => viewOnceWrappers.has(name)),
    forwardingScore: context?.isForwarded ? (context.forwardingScore ?? 1) : 0,
    preview: previewIn(inner.extendedTextMessage),
    media: mediaIn(inner),
  };
}

/** The text of an unwrapped message: what somebody wrote, a caption, a question, a label that was chosen. */
export function textOf(inner: proto.IMessage): string | undefined {
  const template = inner.templateMessage?.hydratedTemplate ?? inner.templateMessage?.hydratedFourRowTemplate;
  return (
    writtenText(inner) ??
    inner.reactionMessage?.text ??
    inner.liveLocationMessage?.caption ??
    inner.locationMessage?.comment ??
    inner.locationMessage?.name ??
    inner.contactMessage?.displayName ??
    inner.contactsArrayMessage?.displayName ??
    pollIn(inner)?.name ??
    inner.eventMessage?.name ??
    inner.groupInviteMessage?.caption ??
    inner.productMessage?.body ??
    inner.productMessage?.product?.title ??
    inner.orderMessage?.message ??
    inner.orderMessage?.orderTitle ??
    inner.listMessage?.description ??
    inner.buttonsMessage?.contentText ??
    template?.hydratedContentText ??
    inner.interactiveMessage?.body?.text ??
    inner.listResponseMessage?.title ??
    inner.buttonsResponseMessage?.selectedDisplayText ??
    inner.templateButtonReplyMessage?.selectedDisplayText ??
    inner.interactiveResponseMessage?.body?.text ??
    undefined
  );
}

/** What somebody typed: a text or a caption. */
export function writtenText(inner: proto.IMessage): string | undefined {
  return (
    inner.conversation ??
    inner.extendedTextMessage?.text ??
    inner.imageMessage?.caption ??
    inner.videoMessage?.caption ??
    inner.ptvMessage?.caption ??
    inner.documentMessage?.caption ??
    undefined
  );
}

/** A poll of any version. */
export function pollIn(inner: proto.IMessage): proto.Message.IPollCreationMessage | undefined {
  return (
    inner.pollCreationMessage ??
    inner.pollCreationMessageV2 ??
    inner.pollCreationMessageV3 ??
    inner.pollCreationMessageV5 ??
    undefined
  );
}

function contextOf(inner: proto.IMessage, type: string): proto.IContextInfo | undefined {
  const field: unknown = Reflect.get(inner, type);
  if (typeof field !== 'object' || field === null || !('contextInfo' in field)) return undefined;
  return (field.contextInfo as proto.IContextInfo | null) ?? undefined;
}

function quotedIn(context: proto.IContextInfo | undefined): Quoted | undefined {
  if (!context?.stanzaId) return undefined;
  const quoted = context.quotedMessage ? unwrap(context.quotedMessage).inner : undefined;
  return {
    id: context.stanzaId,
    type: quoted && typeOf(quoted),
    text: quoted && textOf(quoted),
    sender: context.participant ?? undefined,
  };
}

function previewIn(text: proto.Message.IExtendedTextMessage | null | undefined): LinkPreview | undefined {
  if (!text?.matchedText) return undefined;
  return {
    url: text.matchedText,
    title: text.title ?? undefined,
    description: text.description ?? undefined,
    thumbnail: (text.jpegThumbnail?.length ?? 0) > 0 || Boolean(text.thumbnailDirectPath),
  };
}
