import { randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { statusJid } from '../status.ts';
import type { Author } from './author.ts';
import { composeBusiness } from './compose-business.ts';
import { composeChange } from './compose-change.ts';
import { composeMedia } from './compose-media.ts';
import { typeOf, unwrap } from './content.ts';
import type { ContentOf, OutgoingContent, OutgoingContext } from './outgoing-content.ts';

const defaultDisappearing = proto.DisappearingMode.Initiator.CHANGED_IN_CHAT;

/** Content with its context, as a phone would send it. Of an album, the message that its parts belong to. */
export async function compose(
  content: OutgoingContent,
  context: OutgoingContext,
  author: Author,
): Promise<proto.IMessage> {
  const plain = await composeContent(content, author);
  // The round trip refuses nothing, but leaves only what arrives.
  const message = proto.Message.decode(proto.Message.encode(proto.Message.fromObject(plain)).finish());
  return content.kind === 'raw' ? message : wrap(content, addContext(message, context, author), context);
}

function composeContent(content: OutgoingContent, author: Author): proto.IMessage | Promise<proto.IMessage> {
  switch (content.kind) {
    case 'text':
      return composeText(content);
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      return composeMedia(content, author);
    case 'album':
      return {
        albumMessage: {
          expectedImageCount: content.parts.filter((part) => part.kind === 'image').length,
          expectedVideoCount: content.parts.filter((part) => part.kind === 'video').length,
        },
      };
    case 'location': {
      const { name, address, url } = content;
      return { locationMessage: { ...place(content), name, address, url } };
    }
    case 'live-location': {
      const { caption, accuracy: accuracyInMeters, speed: speedInMps, sequence: sequenceNumber } = content;
      return { liveLocationMessage: { ...place(content), caption, accuracyInMeters, speedInMps, sequenceNumber } };
    }
    case 'contacts':
      return composeContacts(content);
    case 'poll':
      return composePoll(content);
    case 'event':
      return composeEvent(content);
    case 'group-invite':
      return {
        groupInviteMessage: {
          groupJid: content.group,
          inviteCode: content.code,
          inviteExpiration: content.expiresAt,
          groupName: content.groupName,
          caption: content.caption,
        },
      };
    case 'vote':
    case 'reaction':
    case 'edit':
    case 'delete':
    case 'pin':
    case 'keep':
    case 'response':
    case 'disappearing':
      return composeChange(content, author);
    case 'request-phone-number':
      return { requestPhoneNumberMessage: {} };
    case 'share-phone-number':
      return { protocolMessage: { type: proto.Message.ProtocolMessage.Type.SHARE_PHONE_NUMBER } };
    case 'raw':
      return proto.Message.fromObject(content.message);
    default:
      return composeBusiness(content, author);
  }
}

function composeText({ text, preview, background, font }: ContentOf<'text'>): proto.IMessage {
  if (!preview && background === undefined && font === undefined) return { conversation: text };
  const { url, title, description, thumbnail } = preview ?? {};
  return {
    extendedTextMessage: {
      text,
      matchedText: url,
      title,
      description,
      jpegThumbnail: thumbnail ? Buffer.from(thumbnail, 'base64') : undefined,
      backgroundArgb: background,
      font,
    },
  };
}

function composeContacts({ name, contacts }: ContentOf<'contacts'>): proto.IMessage {
  const cards = contacts.map((contact) => ({
    displayName: contact.name,
    vcard: contact.vcard ?? vcardOf(contact.name, contact.phone ?? ''),
  }));
  const [first, ...others] = cards;
  if (others.length === 0) return { contactMessage: first };
  return { contactsArrayMessage: { displayName: name ?? `${cards.length} contacts`, contacts: cards } };
}

function vcardOf(name: string, phone: string): string {
  const number = phone ? [`TEL;type=CELL;waid=${phone}:+${phone}`] : [];
  return ['BEGIN:VCARD', 'VERSION:3.0', `N:;${name};;;`, `FN:${name}`, ...number, 'END:VCARD'].join('\n');
}

function composePoll({ name, options, selectable = 1 }: ContentOf<'poll'>): proto.IMessage {
  const poll = {
    name,
    options: options.map((optionName) => ({ optionName })),
    selectableOptionsCount: selectable,
  };
  const messageContextInfo = { messageSecret: randomBytes(32) };
  // Polls with one choice are another version of the message.
  return selectable === 1
    ? { pollCreationMessageV3: poll, messageContextInfo }
    : { pollCreationMessage: poll, messageContextInfo };
}

function composeEvent(event: ContentOf<'event'>): proto.IMessage {
  const { name, description, startsAt, endsAt, joinLink, canceled = false, extraGuests } = event;
  return {
    eventMessage: {
      name,
      description,
      startTime: startsAt,
      endTime: endsAt,
      joinLink,
      isCanceled: canceled,
      extraGuestsAllowed: extraGuests,
      location: event.place && { ...place(event.place), name: event.place.name, address: event.place.address },
    },
    messageContextInfo: { messageSecret: randomBytes(32) },
  };
}

function place({ latitude, longitude }: { latitude: number; longitude: number }) {
  return { degreesLatitude: latitude, degreesLongitude: longitude };
}

/** Adds what surrounds the content. A plain text becomes one that can carry a context. */
function addContext(message: proto.IMessage, context: OutgoingContext, author: Author): proto.IMessage {
  const { quoted, mentions, mentionsAll, ephemeral, forwarded } = context;
  const contextInfo: proto.IContextInfo = {
    ...(quoted && quote(quoted, author)),
    ...(mentions && { mentionedJid: mentions.map((each) => (each.includes('@') ? each : `${each}@s.whatsapp.net`)) }),
    ...(mentionsAll && { nonJidMentions: 1 }),
    ...(ephemeral && { expiration: ephemeral, disappearingMode: { initiator: defaultDisappearing } }),
    ...(forwarded && { isForwarded: true, forwardingScore: forwarded }),
  };
  if (Object.keys(contextInfo).length === 0) return message;
  if (message.conversation != null) {
    const { conversation: text, ...rest } = message;
    return { ...rest, extendedTextMessage: { text, contextInfo } };
  }
  const type = typeOf(message);
  const field: unknown = Reflect.get(message, type);
  return { ...message, [type]: { ...(typeof field === 'object' ? field : {}), contextInfo } };
}

function quote(id: string, { find, jidOf }: Author): proto.IContextInfo {
  const shown = find(id);
  const { inner } = unwrap(proto.Message.decode(shown.bytes));
  const type = typeOf(inner);
  const field: unknown = Reflect.get(inner, type);
  // A quotation does not carry what the quoted message itself was a reply to.
  const content = typeof field === 'object' ? { ...field, contextInfo: undefined } : field;
  const remoteJid = shown.chat === statusJid ? statusJid : undefined;
  return { stanzaId: id, participant: jidOf(shown.sender), remoteJid, quotedMessage: { [type]: content } };
}

/** Puts the message into the wrappers that phones use. */
function wrap(content: OutgoingContent, message: proto.IMessage, { viewOnce }: OutgoingContext): proto.IMessage {
  if (viewOnce) {
    const type = typeOf(message);
    const field: unknown = Reflect.get(message, type);
    const marked = { ...message, [type]: { ...(typeof field === 'object' ? field : {}), viewOnce: true } };
    return content.kind === 'audio'
      ? { viewOnceMessageV2Extension: { message: marked } }
      : { viewOnceMessageV2: { message: marked } };
  }
  if (content.kind === 'document' && content.caption) return { documentWithCaptionMessage: { message } };
  return message;
}
