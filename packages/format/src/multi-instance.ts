import type { EventMessage, FlotillaEvent, MessageKind } from '@flotilla/contracts';
import { disconnectReason } from './disconnect-reason.ts';
import { type Format, type FormatContext, isoTime, nameOf } from './format.ts';

/** Words for kinds where the API's own routes have others; the rest is as it is. */
const types: Partial<Record<MessageKind, string>> = {
  voice: 'audio',
  'video-note': 'video',
  contacts: 'contact',
  'live-location': 'location',
};

const digits = (jid: string) => /^(\d+)(?::\d+)?@s\.whatsapp\.net$/.exec(jid)?.[1];

/** What a message holds, in the words of the routes that send. */
function contentOf(message: EventMessage, { fileUrl }: FormatContext) {
  const { kind, text, caption, media, location, contacts, poll, reply, quotedId } = message;
  const [contact] = contacts ?? [];
  const mediaUrl = media && media.status !== 'skipped' ? fileUrl?.(message) : undefined;
  return {
    type: types[kind] ?? kind,
    // The text of a file is its caption.
    message: caption === undefined ? (text ?? null) : null,
    caption,
    mediaUrl,
    ...(media && {
      media: {
        mimetype: media.mimeType,
        fileName: media.fileName,
        fileSize: media.size,
        seconds: media.seconds,
        width: media.width,
        height: media.height,
      },
    }),
    ptt: kind === 'voice' ? true : kind === 'audio' ? false : undefined,
    latitude: location?.latitude,
    longitude: location?.longitude,
    name: location?.name,
    address: location?.address,
    contactName: contact?.name,
    contactNumber: contact?.phones[0],
    contacts: contacts && contacts.length > 1 ? contacts.map(({ name, phones }) => ({ name, phones })) : undefined,
    poll,
    reply,
    quotedMessageId: quotedId,
  };
}

/** A message that came in. `from` is where an answer goes. */
function received(message: EventMessage, context: FormatContext) {
  const { id, chat, sender, timestamp } = message;
  const isGroup = chat.endsWith('@g.us');
  return {
    messageId: id,
    from: chat,
    participant: chat === sender.jid ? undefined : sender.jid,
    // Digits, or nothing: never a name.
    phoneNumber: sender.phone ?? null,
    lid: sender.lid ?? null,
    pushName: sender.pushName ?? null,
    isGroup,
    fromMe: false,
    ...contentOf(message, context),
    messageTimestamp: Math.floor(timestamp / 1_000),
  };
}

/** A message of this number. */
function sent(message: EventMessage, context: FormatContext) {
  const { id, chat, timestamp } = message;
  return {
    messageId: id,
    to: chat,
    phoneNumber: digits(chat) ?? null,
    isGroup: chat.endsWith('@g.us'),
    fromMe: true,
    ...contentOf(message, context),
    messageTimestamp: Math.floor(timestamp / 1_000),
  };
}

/** Events of whatsapp-multi-instance-api. */
export const multiInstance: Format = {
  events: ['connection.update', 'qrcode.updated', 'messages.upsert'],
  async format(event: FlotillaEvent, context) {
    const told = (name: string, data: object) => ({
      body: { event: name, instanceId: nameOf(context), timestamp: isoTime(event.occurredAt), data },
    });
    switch (event.type) {
      case 'connection.update': {
        const { state, jid, phone, pushName } = event.data;
        if (state === 'backing-off' || state === 'closed')
          return told('connection.close', disconnectReason(event.data));
        if (state !== 'open') return undefined;
        return told('connection.open', {
          phoneNumber: phone ?? context.instance.phone ?? null,
          name: pushName ?? context.instance.pushName ?? null,
          jid: jid ?? context.instance.jid ?? null,
        });
      }
      case 'qrcode.updated': {
        const { qr } = event.data;
        return told('qr.update', { qr, qrCode: await context.qrDataUrl(qr) });
      }
      case 'messages.upsert': {
        const { message } = event.data;
        if (message.kind === 'unreadable') return undefined;
        return message.fromMe
          ? told('message.sent', sent(message, context))
          : told('message.received', received(message, context));
      }
      default:
        return undefined;
    }
  },
};
