import { type Static, Type } from 'typebox';

const Text = Type.String();
const OptionalText = Type.Optional(Type.String());
const Base64 = Type.String({ contentEncoding: 'base64' });
const Id = Type.String({ minLength: 1, description: 'id of a message of this chat' });
const Count = Type.Integer({ minimum: 0 });
const kind = <K extends string>(name: K) => ({ kind: Type.Literal(name) });

const file = {
  bytes: Type.Optional(Type.String({ contentEncoding: 'base64', description: 'the plaintext, base64' })),
  size: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 256 * 1024 * 1024,
      description: 'without `bytes`: so many random bytes (1000)',
    }),
  ),
  mimetype: OptionalText,
  thumbnail: Type.Optional(Type.String({ contentEncoding: 'base64', description: 'JPEG, base64' })),
};
/** Clients disagree on this, so that a test may want either. */
const named = {
  named: Type.Optional(
    Type.Union([Type.Literal('pn'), Type.Literal('lid')], {
      description: 'by which JIDs author and voter enter the key (default: as the message is addressed)',
    }),
  ),
};
const picture = { width: Type.Optional(Count), height: Type.Optional(Count) };
const album = { album: Type.Optional(Type.String({ description: 'id of the album message that it belongs to' })) };

const Image = Type.Object({ ...kind('image'), ...file, ...picture, ...album, caption: OptionalText });
const Video = Type.Object({
  ...kind('video'),
  ...file,
  ...picture,
  ...album,
  caption: OptionalText,
  seconds: Type.Optional(Count),
  gif: Type.Optional(Type.Boolean()),
  note: Type.Optional(Type.Boolean({ description: 'a round video note' })),
});
const Button = Type.Object({ id: Text, text: Text });
const Place = { latitude: Type.Number(), longitude: Type.Number() };
const NamedPlace = { ...Place, name: OptionalText, address: OptionalText };

/** What a simulated phone can send, by `kind`. */
export const OutgoingContent = Type.Union([
  Type.Object({
    ...kind('text'),
    text: Text,
    preview: Type.Optional(
      Type.Object({ url: Text, title: OptionalText, description: OptionalText, thumbnail: Type.Optional(Base64) }),
    ),
    background: Type.Optional(Type.Integer({ minimum: 0, description: 'ARGB, of a status' })),
    font: Type.Optional(Count),
  }),
  Image,
  Video,
  Type.Object({
    ...kind('audio'),
    ...file,
    seconds: Type.Optional(Count),
    voice: Type.Optional(Type.Boolean({ description: 'a voice note' })),
    waveform: Type.Optional(Type.Array(Type.Integer({ minimum: 0, maximum: 255 }), { maxItems: 256 })),
  }),
  Type.Object({ ...kind('document'), ...file, fileName: OptionalText, caption: OptionalText }),
  Type.Object({ ...kind('sticker'), ...file, ...picture, animated: Type.Optional(Type.Boolean()) }),
  Type.Object({ ...kind('location'), ...NamedPlace, url: OptionalText }),
  Type.Object({
    ...kind('live-location'),
    ...Place,
    caption: OptionalText,
    accuracy: Type.Optional(Count),
    speed: Type.Optional(Type.Number()),
    sequence: Type.Optional(Count),
  }),
  Type.Object({
    ...kind('contacts'),
    name: OptionalText,
    contacts: Type.Array(Type.Object({ name: Text, phone: OptionalText, vcard: OptionalText }), { minItems: 1 }),
  }),
  Type.Object({
    ...kind('poll'),
    name: Text,
    options: Type.Array(Text, { minItems: 1 }),
    selectable: Type.Optional(Type.Integer({ minimum: 0, description: '0 for any number (default 1)' })),
  }),
  Type.Object({
    ...kind('vote'),
    ...named,
    poll: Id,
    options: Type.Array(Text, { description: 'none takes the vote back' }),
  }),
  Type.Object({ ...kind('reaction'), message: Id, emoji: Type.String({ description: 'empty takes it back' }) }),
  Type.Object({ ...kind('edit'), message: Id, text: Text }),
  Type.Object({ ...kind('delete'), message: Id }),
  Type.Object({
    ...kind('pin'),
    message: Id,
    seconds: Type.Optional(Type.Integer({ minimum: 0, description: '0 unpins (default a day)' })),
  }),
  Type.Object({ ...kind('keep'), message: Id, keep: Type.Boolean() }),
  Type.Object({
    ...kind('event'),
    name: Text,
    description: OptionalText,
    startsAt: Type.Integer({ description: 'Unix seconds' }),
    endsAt: Type.Optional(Type.Integer()),
    place: Type.Optional(Type.Object(NamedPlace)),
    joinLink: OptionalText,
    canceled: Type.Optional(Type.Boolean()),
    extraGuests: Type.Optional(Type.Boolean({ description: 'guests may bring others' })),
  }),
  Type.Object({
    ...kind('response'),
    ...named,
    event: Id,
    response: Type.Union([Type.Literal('going'), Type.Literal('not-going'), Type.Literal('maybe')]),
    extraGuests: Type.Optional(Count),
  }),
  Type.Object({ ...kind('album'), parts: Type.Array(Type.Union([Image, Video]), { minItems: 1, maxItems: 100 }) }),
  Type.Object({
    ...kind('group-invite'),
    group: Type.String({ description: 'JID' }),
    code: Text,
    groupName: OptionalText,
    caption: OptionalText,
    expiresAt: Type.Optional(Type.Integer({ description: 'Unix seconds' })),
  }),
  Type.Object({
    ...kind('product'),
    ...file,
    id: Text,
    title: Text,
    description: OptionalText,
    currency: OptionalText,
    price: Type.Optional(Type.Number()),
    url: OptionalText,
    body: OptionalText,
    footer: OptionalText,
  }),
  Type.Object({
    ...kind('order'),
    id: Text,
    title: OptionalText,
    text: OptionalText,
    items: Type.Optional(Count),
    total: Type.Optional(Type.Number()),
    currency: OptionalText,
    token: OptionalText,
  }),
  Type.Object({
    ...kind('list'),
    title: OptionalText,
    text: Text,
    footer: OptionalText,
    button: Text,
    sections: Type.Array(
      Type.Object({
        title: Text,
        rows: Type.Array(Type.Object({ id: Text, title: Text, description: OptionalText })),
      }),
    ),
  }),
  Type.Object({ ...kind('buttons'), text: Text, footer: OptionalText, buttons: Type.Array(Button) }),
  Type.Object({
    ...kind('template'),
    title: OptionalText,
    text: Text,
    footer: OptionalText,
    buttons: Type.Array(
      Type.Object(
        { text: Text, id: OptionalText, url: OptionalText, phone: OptionalText },
        {
          description: 'a reply with an `id`, a link with a `url`, a call with a `phone`',
        },
      ),
    ),
  }),
  Type.Object({
    ...kind('interactive'),
    title: OptionalText,
    text: Text,
    footer: OptionalText,
    buttons: Type.Array(Type.Object({ name: Text, parameters: Type.Record(Text, Type.Unknown()) })),
  }),
  Type.Object({ ...kind('list-reply'), id: Text, title: Text, description: OptionalText }),
  Type.Object({
    ...kind('button-reply'),
    id: Text,
    text: Text,
    of: Type.Union([Type.Literal('buttons'), Type.Literal('template')]),
  }),
  Type.Object({
    ...kind('interactive-reply'),
    name: Text,
    text: Text,
    parameters: Type.Record(Text, Type.Unknown()),
  }),
  Type.Object({ ...kind('disappearing'), seconds: Type.Integer({ minimum: 0, description: '0 switches it off' }) }),
  Type.Object({ ...kind('request-phone-number') }),
  Type.Object({ ...kind('share-phone-number') }),
  Type.Object({
    ...kind('raw'),
    message: Type.Record(Text, Type.Unknown(), { description: 'a `Message` as JSON, bytes in base64' }),
  }),
]);

/** What may surround any content. */
export const OutgoingContext = {
  quoted: Type.Optional(Id),
  mentions: Type.Optional(Type.Array(Type.String(), { description: 'JIDs, or phone numbers' })),
  mentionsAll: Type.Optional(Type.Boolean()),
  ephemeral: Type.Optional(Type.Integer({ minimum: 1, description: 'seconds after which it disappears' })),
  forwarded: Type.Optional(Type.Integer({ minimum: 1, description: 'how often it was forwarded' })),
  viewOnce: Type.Optional(
    Type.Union([Type.Boolean(), Type.Literal('phone-only')], {
      description: 'media to be seen once; with `phone-only`, linked devices are told of it and do not get it',
    }),
  ),
};

const Context = Type.Object(OutgoingContext);

export type OutgoingContent = Static<typeof OutgoingContent>;
export type OutgoingContext = Static<typeof Context>;
/** The content of one kind. */
export type ContentOf<K extends OutgoingContent['kind']> = Extract<OutgoingContent, { kind: K }>;
