import Type from 'typebox';
import { Location } from '../message.ts';
import { body, caption, context, MediaInput, recipient, ttl, viewOnce } from './parts.ts';

const text = Type.String({ minLength: 1, maxLength: 65_536, description: 'The message' });

export const SendText = body('SendText', {
  text,
  linkPreview: Type.Optional(
    Type.Boolean({ description: 'Fetch the first link of the text and show what it leads to. Default false' }),
  ),
  ...context,
});
export const SendImage = body('SendImage', { media: MediaInput, caption, viewOnce, ...context });
export const SendVideo = body('SendVideo', {
  media: MediaInput,
  caption,
  viewOnce,
  gif: Type.Optional(Type.Boolean({ description: 'Plays silently in a loop; a GIF is converted' })),
  note: Type.Optional(Type.Boolean({ description: 'A round video message' })),
  ...context,
});
export const SendAudio = body('SendAudio', {
  media: MediaInput,
  voice: Type.Optional(
    Type.Boolean({ description: 'A voice message: any sound is converted to Opus, with its waveform. Default true' }),
  ),
  viewOnce,
  ...context,
});
export const SendDocument = body('SendDocument', {
  media: MediaInput,
  fileName: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'Shown to the recipient' })),
  mimeType: Type.Optional(Type.String({ minLength: 3, maxLength: 200 })),
  caption,
  ...context,
});
export const SendSticker = body('SendSticker', { media: MediaInput, ...context });
export const SendLocation = body('SendLocation', {
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
  name: Type.Optional(Type.String({ maxLength: 1000 })),
  address: Type.Optional(Type.String({ maxLength: 1000 })),
  ...context,
});
export const SendContacts = body('SendContacts', {
  contacts: Type.Array(
    Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 200 }),
        phones: Type.Optional(
          Type.Array(Type.String({ minLength: 3, maxLength: 60 }), {
            minItems: 1,
            maxItems: 20,
            description: 'In international form',
          }),
        ),
        organization: Type.Optional(Type.String({ maxLength: 200 })),
        email: Type.Optional(Type.String({ maxLength: 200 })),
        vcard: Type.Optional(Type.String({ maxLength: 65_536, description: 'A whole vCard instead of `phones`' })),
      },
      { additionalProperties: false },
    ),
    { minItems: 1, maxItems: 100 },
  ),
  ...context,
});
export const SendPoll = body('SendPoll', {
  name: Type.String({ minLength: 1, maxLength: 255, description: 'The question' }),
  options: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 2, maxItems: 12, uniqueItems: true }),
  selectable: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 12,
      description: 'How many options one may choose; 0 for any number. Default 1',
    }),
  ),
  ...context,
});
export const SendEvent = body('SendEvent', {
  name: Type.String({ minLength: 1, maxLength: 255 }),
  description: Type.Optional(Type.String({ maxLength: 2048 })),
  startsAt: Type.Integer({ minimum: 0, description: 'Unix ms' }),
  endsAt: Type.Optional(Type.Integer({ minimum: 0, description: 'Unix ms' })),
  location: Type.Optional(Location),
  call: Type.Optional(Type.Enum(['audio', 'video'], { description: 'With a call link' })),
  extraGuests: Type.Optional(Type.Boolean({ description: 'Guests may bring others' })),
  ...context,
});
export const SendAlbum = body('SendAlbum', {
  items: Type.Array(
    Type.Object({ type: Type.Enum(['image', 'video']), media: MediaInput, caption }, { additionalProperties: false }),
    { minItems: 2, maxItems: 30, description: 'Pictures and videos, in order' },
  ),
  ...context,
});
export const SendGroupInvite = body('SendGroupInvite', {
  group: Type.String({ minLength: 3, maxLength: 100, description: 'JID of a group that this number administers' }),
  text: Type.Optional(Type.String({ maxLength: 1024 })),
  code: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description:
        'Code of an invitation for the recipient alone, as WhatsApp gives it when somebody cannot be added. Default: the link of the group is sent',
    }),
  ),
  expiresAt: Type.Optional(
    Type.Integer({ minimum: 0, description: 'When that invitation ends (Unix ms). Default: in three days' }),
  ),
  ...context,
});
export const SendStatus = Type.Object(
  {
    text: Type.Optional(Type.String({ minLength: 1, maxLength: 700 })),
    type: Type.Optional(Type.Enum(['text', 'image', 'video', 'voice'], { description: 'Default text' })),
    media: Type.Optional(MediaInput),
    caption,
    backgroundColor: Type.Optional(
      Type.String({
        pattern: '^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$',
        description: 'Of a text or voice status, as #RRGGBB',
      }),
    ),
    font: Type.Optional(Type.Integer({ minimum: 0, maximum: 10 })),
    audience: Type.Array(recipient, {
      minItems: 1,
      maxItems: 5000,
      description: 'Who can see it: phone numbers, JIDs or LIDs',
    }),
    ttl,
  },
  { additionalProperties: false, $id: 'SendStatus' },
);
export const SendRaw = body('SendRaw', {
  message: Type.Object(
    {},
    {
      additionalProperties: true,
      description: 'A `proto.Message` of Baileys as JSON, bytes as base64: for what has no command of its own',
    },
  ),
});
