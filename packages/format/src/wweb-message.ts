import type { EventMessage, MessageKind, Party } from '@flotilla/contracts';
import type { FormatContext } from './format.ts';

/** A JID as WhatsApp Web writes it: phone numbers at `c.us`, without device. */
export const wwebJid = (jid: string): string => jid.replace(/(:\d+)?@s\.whatsapp\.net$/, '@c.us');

/** Somebody by phone number, if it is known, else as WhatsApp addressed them. */
const wwebParty = ({ jid, phone }: Party): string => (phone === undefined ? wwebJid(jid) : `${phone}@c.us`);

/** whatsapp-web.js' words for kinds (`MessageTypes`). */
const types: Record<MessageKind, string> = {
  text: 'chat',
  image: 'image',
  video: 'video',
  'video-note': 'ptv',
  audio: 'audio',
  voice: 'ptt',
  document: 'document',
  sticker: 'sticker',
  location: 'location',
  'live-location': 'location',
  contacts: 'vcard',
  poll: 'poll_creation',
  event: 'scheduled_event_creation',
  album: 'album',
  'group-invite': 'groups_v4_invite',
  product: 'product',
  order: 'order',
  buttons: 'native_flow',
  list: 'list',
  template: 'template',
  interactive: 'interactive',
  'button-reply': 'buttons_response',
  'list-reply': 'list_response',
  'template-reply': 'template_button_reply',
  'interactive-reply': 'interactive_response',
  'contact-request': 'request_phone_number',
  call: 'call_log',
  payment: 'payment',
  unreadable: 'ciphertext',
  other: 'unknown',
};

/** `MessageAck.ACK_SERVER`: what a message that has just come in says. */
const ackServer = 1;

/** Which device wrote it, by how its ids look. */
const deviceType = (id: string) => (id.length > 21 ? 'android' : id.startsWith('3A') ? 'ios' : 'web');

const linksIn = (text: string) =>
  (text.match(/https?:\/\/[^\s]+/g) ?? []).map((link) => ({ link, isSuspicious: false }));

function bodyOf({ media, caption, contacts, poll, event, text }: EventMessage): string {
  if (media) return caption ?? text ?? '';
  if (contacts) return contacts.length === 1 ? (contacts[0]?.vcard ?? '') : '';
  return text ?? poll?.name ?? event?.name ?? '';
}

/** A message as whatsapp-web.js' `Message` has it in JSON; `_data`, its unprocessed form, is not there. */
export function wwebMessage(message: EventMessage, { instance }: Pick<FormatContext, 'instance'>): object {
  const { id, chat, fromMe, sender, kind, media, location, contacts, poll, reply, forwarded = 0 } = message;
  const isDirect = /@(s\.whatsapp\.net|lid)$/.test(chat);
  const me = instance.phone === undefined ? undefined : `${instance.phone}@c.us`;
  const remote = isDirect && !fromMe ? wwebParty(sender) : wwebJid(chat);
  const author = isDirect ? undefined : wwebParty(sender);
  const body = bodyOf(message);
  return {
    id: {
      fromMe,
      remote,
      id,
      participant: author,
      _serialized: [fromMe, remote, id, ...(author === undefined ? [] : [author])].join('_'),
    },
    ack: ackServer,
    hasMedia: media !== undefined,
    body,
    type: contacts && contacts.length > 1 ? 'multi_vcard' : types[kind],
    timestamp: Math.floor(message.timestamp / 1_000),
    from: fromMe ? me : remote,
    to: fromMe ? remote : me,
    author,
    deviceType: deviceType(id),
    isForwarded: forwarded > 0,
    forwardingScore: forwarded,
    isStatus: chat === 'status@broadcast',
    isStarred: false,
    broadcast: chat.endsWith('@broadcast'),
    fromMe,
    hasQuotedMsg: message.quotedId !== undefined,
    hasReaction: false,
    duration: media?.seconds === undefined ? undefined : String(media.seconds),
    location: location && {
      latitude: location.latitude,
      longitude: location.longitude,
      name: location.name,
      address: location.address,
    },
    vCards: (contacts ?? []).map(({ vcard }) => vcard),
    mentionedIds: (message.mentions ?? []).map(wwebJid),
    groupMentions: [],
    isGif: media?.gif ?? false,
    isEphemeral: message.expiration !== undefined && message.expiration > 0,
    links: linksIn(body),
    selectedButtonId: kind === 'button-reply' || kind === 'template-reply' ? reply?.id : undefined,
    selectedRowId: kind === 'list-reply' ? reply?.id : undefined,
    pollName: poll?.name,
    pollOptions: poll?.options,
    allowMultipleAnswers: poll && poll.selectable !== 1,
  };
}
