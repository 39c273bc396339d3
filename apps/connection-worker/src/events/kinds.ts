import type { EventMessage, MessageKind } from '@flotilla/contracts';
import type { proto } from '@whiskeysockets/baileys';
import { type FileView, fileView } from './file.ts';
import { typeOf } from './unwrap.ts';
import { readVcard } from './vcard.ts';

/** What the content of a message says, by its kind. */
export interface ContentView
  extends Pick<
    EventMessage,
    'kind' | 'text' | 'caption' | 'location' | 'contacts' | 'poll' | 'event' | 'reply' | 'viewOnce'
  > {
  file?: FileView;
}

type Content = proto.IMessage;
type Readers = { [F in keyof Content]?: (value: NonNullable<Content[F]>) => ContentView };
type Text = string | null | undefined;

const firstText = (...texts: Text[]) => texts.find((text) => text) || undefined;
const captioned = (caption: Text) => ({ text: caption || undefined, caption: caption || undefined });
const simple = (kind: MessageKind, ...texts: Text[]): ContentView => ({ kind, text: firstText(...texts) });

/** How each kind of content is read, by its field in `proto.Message`. A field that is not here is `other`. */
const readers: Readers = {
  conversation: (text) => simple('text', text),
  extendedTextMessage: ({ text }) => simple('text', text),
  imageMessage: (image) => ({
    kind: 'image',
    ...captioned(image.caption),
    viewOnce: image.viewOnce || undefined,
    file: fileView('image', image),
  }),
  videoMessage: (video) => ({
    kind: 'video',
    ...captioned(video.caption),
    viewOnce: video.viewOnce || undefined,
    file: fileView('video', video),
  }),
  ptvMessage: (video) => ({ kind: 'video-note', ...captioned(video.caption), file: fileView('ptv', video) }),
  audioMessage: (audio) => ({
    kind: audio.ptt ? 'voice' : 'audio',
    viewOnce: audio.viewOnce || undefined,
    file: fileView('audio', audio),
  }),
  documentMessage: (document) => ({
    kind: 'document',
    ...captioned(document.caption),
    file: fileView('document', document),
  }),
  stickerMessage: (sticker) => ({ kind: 'sticker', file: fileView('sticker', sticker) }),
  locationMessage: (place) => ({
    kind: place.isLive ? 'live-location' : 'location',
    text: firstText(place.comment),
    location: location(place),
  }),
  liveLocationMessage: (place) => ({
    kind: 'live-location',
    ...captioned(place.caption),
    location: location(place),
  }),
  contactMessage: (card) => contacts([card]),
  contactsArrayMessage: ({ contacts: cards }) => contacts(cards ?? []),
  pollCreationMessage: poll,
  pollCreationMessageV2: poll,
  pollCreationMessageV3: poll,
  pollCreationMessageV5: poll,
  pollResultSnapshotMessage: ({ name }) => simple('other', name),
  eventMessage: (event) => ({
    kind: 'event',
    text: firstText(event.name),
    event: {
      name: event.name ?? '',
      description: event.description || undefined,
      startsAt: milliseconds(event.startTime),
      endsAt: milliseconds(event.endTime),
      location: event.location ? location(event.location) : undefined,
      callLink: event.joinLink || undefined,
      cancelled: event.isCanceled || undefined,
    },
  }),
  albumMessage: () => ({ kind: 'album' }),
  groupInviteMessage: (invite) => simple('group-invite', invite.caption, invite.groupName),
  newsletterAdminInviteMessage: (invite) => simple('other', invite.caption, invite.newsletterName),
  productMessage: ({ body, product }) => ({
    ...simple('product', body, product?.title),
    file: product?.productImage ? fileView('image', product.productImage) : undefined,
  }),
  orderMessage: (order) => simple('order', order.message, order.orderTitle),
  buttonsMessage: (buttons) => ({
    ...simple('buttons', buttons.contentText, buttons.text),
    file: headerFile(buttons),
    location: buttons.locationMessage ? location(buttons.locationMessage) : undefined,
  }),
  listMessage: (list) => simple('list', list.description, list.title),
  templateMessage: (template) => {
    const hydrated = template.hydratedTemplate ?? template.hydratedFourRowTemplate;
    const interactive = template.interactiveMessageTemplate;
    return {
      ...simple('template', hydrated?.hydratedContentText, interactive?.body?.text),
      file: hydrated ? headerFile(hydrated) : interactive?.header ? headerFile(interactive.header) : undefined,
    };
  },
  highlyStructuredMessage: ({ hydratedHsm }) => simple('template', hydratedHsm?.hydratedTemplate?.hydratedContentText),
  interactiveMessage: ({ body, header }) => ({
    ...simple('interactive', body?.text, header?.title),
    file: header ? headerFile(header) : undefined,
  }),
  buttonsResponseMessage: (reply) => ({
    kind: 'button-reply',
    ...replied(reply.selectedButtonId, reply.selectedDisplayText),
  }),
  listResponseMessage: (reply) => ({
    kind: 'list-reply',
    ...replied(reply.singleSelectReply?.selectedRowId, reply.title),
  }),
  templateButtonReplyMessage: (reply) => ({
    kind: 'template-reply',
    ...replied(reply.selectedId, reply.selectedDisplayText),
  }),
  interactiveResponseMessage: ({ body, nativeFlowResponseMessage: flow }) => ({
    kind: 'interactive-reply',
    ...replied(idIn(flow?.paramsJson) ?? flow?.name, body?.text),
  }),
  requestPhoneNumberMessage: () => ({ kind: 'contact-request' }),
  call: () => ({ kind: 'call' }),
  callLogMesssage: () => ({ kind: 'call' }),
  bcallMessage: () => ({ kind: 'call' }),
  scheduledCallCreationMessage: ({ title }) => simple('call', title),
  scheduledCallEditMessage: () => ({ kind: 'call' }),
  sendPaymentMessage: ({ noteMessage }) => simple('payment', noteOf(noteMessage)),
  requestPaymentMessage: ({ noteMessage }) => simple('payment', noteOf(noteMessage)),
  declinePaymentRequestMessage: () => ({ kind: 'payment' }),
  cancelPaymentRequestMessage: () => ({ kind: 'payment' }),
  paymentInviteMessage: () => ({ kind: 'payment' }),
  invoiceMessage: ({ note }) => simple('payment', note),
  stickerPackMessage: ({ name, caption }) => simple('other', caption, name),
  commentMessage: ({ message }) => simple('other', noteOf(message)),
  questionResponseMessage: ({ text }) => simple('other', text),
};

/** Reads an unwrapped message by the table above. */
export function contentView(content: Content): ContentView {
  const type = typeOf(content);
  if (type === undefined) return { kind: 'other' };
  const read: ((value: unknown) => ContentView) | undefined = Object.hasOwn(readers, type)
    ? Reflect.get(readers, type)
    : undefined;
  return read?.(Reflect.get(content, type)) ?? { kind: 'other' };
}

/** What an unwrapped message is. */
export const kindOf = (content: Content): MessageKind => contentView(content).kind;

/** The text of an unwrapped message, or its caption. */
export const textOf = (content: Content): string | undefined => contentView(content).text;

function location(place: proto.Message.ILocationMessage & proto.Message.ILiveLocationMessage) {
  return {
    latitude: place.degreesLatitude ?? 0,
    longitude: place.degreesLongitude ?? 0,
    name: place.name || undefined,
    address: place.address || undefined,
  };
}

function contacts(cards: proto.Message.IContactMessage[]): ContentView {
  return { kind: 'contacts', contacts: cards.map(({ vcard, displayName }) => readVcard(vcard ?? '', displayName)) };
}

function poll(creation: proto.Message.IPollCreationMessage): ContentView {
  return {
    kind: 'poll',
    text: firstText(creation.name),
    poll: {
      name: creation.name ?? '',
      options: (creation.options ?? []).map(({ optionName }) => optionName ?? ''),
      selectable: creation.selectableOptionsCount ?? 0,
    },
  };
}

interface Header {
  imageMessage?: proto.Message.IImageMessage | null;
  videoMessage?: proto.Message.IVideoMessage | null;
  documentMessage?: proto.Message.IDocumentMessage | null;
}

function headerFile({ imageMessage, videoMessage, documentMessage }: Header): FileView | undefined {
  if (imageMessage) return fileView('image', imageMessage);
  if (videoMessage) return fileView('video', videoMessage);
  return documentMessage ? fileView('document', documentMessage) : undefined;
}

const replied = (id: Text, text: Text) => ({
  text: text || undefined,
  reply: { id: id || undefined, text: text || undefined },
});

/** The `id` in the parameters of a native flow's answer, if they are JSON that has one. */
function idIn(json: Text): string | undefined {
  if (!json) return undefined;
  try {
    const parameters: unknown = JSON.parse(json);
    const id = typeof parameters === 'object' && parameters !== null && 'id' in parameters ? parameters.id : undefined;
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

const noteOf = (note: Content | null | undefined) => (note ? textOf(note) : undefined);

/** `startTime` of an event is in seconds. */
const milliseconds = (seconds: number | { toString(): string } | null | undefined) =>
  seconds ? Number(seconds) * 1_000 : undefined;
