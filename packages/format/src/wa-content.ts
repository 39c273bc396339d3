import type { EventMessage, MessageKind } from '@flotilla/contracts';

/** Content as `proto.Message` has it in JSON. */
type Content = Record<string, unknown>;

/** The fields of files that Baileys has, of what the flat view keeps: none to download it with. */
function file(message: EventMessage, more: Content = {}): Content {
  const { media } = message;
  const { sha256, waveform } = media ?? {};
  return {
    mimetype: media?.mimeType,
    caption: message.caption,
    fileSha256: sha256 === undefined ? undefined : Buffer.from(sha256, 'hex').toString('base64'),
    // 64 bits: text in JSON.
    fileLength: media?.size === undefined ? undefined : String(media.size),
    seconds: media?.seconds,
    height: media?.height,
    width: media?.width,
    gifPlayback: media?.gif,
    isAnimated: media?.animated,
    waveform: waveform && Buffer.from(waveform).toString('base64'),
    viewOnce: message.viewOnce,
    ...more,
    contextInfo: contextInfo(message),
  };
}

/** What a message answers, whom it mentions, and how far it has come. */
function contextInfo({ quoted, quotedId, mentions, forwarded, expiration }: EventMessage): Content | undefined {
  const context = {
    stanzaId: quoted?.id ?? quotedId,
    participant: quoted?.sender,
    quotedMessage: quoted && (quoted.text === undefined ? {} : { conversation: quoted.text }),
    mentionedJid: mentions,
    forwardingScore: forwarded,
    isForwarded: forwarded === undefined ? undefined : true,
    expiration,
  };
  return Object.values(context).some((value) => value !== undefined) ? context : undefined;
}

const place = ({ location }: EventMessage): Content => ({
  degreesLatitude: location?.latitude,
  degreesLongitude: location?.longitude,
  name: location?.name,
  address: location?.address,
});

const seconds = (ms: number | undefined) => (ms === undefined ? undefined : String(Math.floor(ms / 1_000)));

/** How each kind is written, as Baileys would have it; a kind that is not here only says its name and text. */
const writers: { [K in MessageKind]?: (message: EventMessage) => Content } = {
  text: (message) => {
    const context = contextInfo(message);
    return message.type === 'extendedTextMessage' || context
      ? { extendedTextMessage: { text: message.text, contextInfo: context } }
      : { conversation: message.text };
  },
  image: (message) => ({ imageMessage: file(message) }),
  video: (message) => ({ videoMessage: file(message) }),
  'video-note': (message) => ({ ptvMessage: file(message) }),
  audio: (message) => ({ audioMessage: file(message, { ptt: false }) }),
  voice: (message) => ({ audioMessage: file(message, { ptt: true }) }),
  document: (message) => ({
    documentMessage: file(message, { title: message.media?.fileName, fileName: message.media?.fileName }),
  }),
  sticker: (message) => ({ stickerMessage: file(message) }),
  location: (message) => ({ locationMessage: { ...place(message), contextInfo: contextInfo(message) } }),
  'live-location': (message) => ({
    liveLocationMessage: { ...place(message), caption: message.text, contextInfo: contextInfo(message) },
  }),
  contacts: (message) => {
    const cards = (message.contacts ?? []).map(({ name, vcard }) => ({ displayName: name, vcard }));
    const [only] = cards;
    return cards.length === 1
      ? { contactMessage: { ...only, contextInfo: contextInfo(message) } }
      : { contactsArrayMessage: { contacts: cards, contextInfo: contextInfo(message) } };
  },
  poll: (message) => ({
    [message.type ?? 'pollCreationMessage']: {
      name: message.poll?.name,
      options: message.poll?.options.map((optionName) => ({ optionName })),
      selectableOptionsCount: message.poll?.selectable,
      contextInfo: contextInfo(message),
    },
  }),
  event: (message) => ({
    eventMessage: {
      isCanceled: message.event?.cancelled,
      name: message.event?.name,
      description: message.event?.description,
      location: message.event?.location && {
        degreesLatitude: message.event.location.latitude,
        degreesLongitude: message.event.location.longitude,
        name: message.event.location.name,
      },
      joinLink: message.event?.callLink,
      startTime: seconds(message.event?.startsAt),
      endTime: seconds(message.event?.endsAt),
      contextInfo: contextInfo(message),
    },
  }),
  album: () => ({ albumMessage: {} }),
  'group-invite': ({ text }) => ({ groupInviteMessage: { caption: text } }),
  buttons: ({ text }) => ({ buttonsMessage: { contentText: text } }),
  list: ({ text }) => ({ listMessage: { description: text } }),
  template: ({ text }) => ({ templateMessage: { hydratedTemplate: { hydratedContentText: text } } }),
  interactive: ({ text }) => ({ interactiveMessage: { body: { text } } }),
  'button-reply': (message) => ({
    buttonsResponseMessage: {
      selectedButtonId: message.reply?.id,
      selectedDisplayText: message.reply?.text,
      contextInfo: contextInfo(message),
    },
  }),
  'list-reply': (message) => ({
    listResponseMessage: {
      title: message.reply?.text,
      singleSelectReply: { selectedRowId: message.reply?.id },
      contextInfo: contextInfo(message),
    },
  }),
  'template-reply': (message) => ({
    templateButtonReplyMessage: {
      selectedId: message.reply?.id,
      selectedDisplayText: message.reply?.text,
      contextInfo: contextInfo(message),
    },
  }),
  'interactive-reply': (message) => ({
    interactiveResponseMessage: { body: { text: message.reply?.text }, contextInfo: contextInfo(message) },
  }),
};

/**
 * The content of a message as Baileys has it (`proto.Message` in JSON), put together out of the flat view: bytes as
 * base64, 64-bit numbers as text. What the flat view does not keep, such as keys of files, is not there.
 */
export function contentOf(message: EventMessage): Content {
  const write = writers[message.kind];
  if (write) return write(message);
  return message.type === undefined ? {} : { [message.type]: message.text === undefined ? {} : { text: message.text } };
}
