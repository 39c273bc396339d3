import Type, { type Static, type TSchema } from 'typebox';

/** Seconds that a command may wait before it fails: a message that comes a day late is worse than none. */
export const defaultTtlSeconds = 86_400;

export const recipient = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group',
  examples: ['+1 415 555 0123', '14155550123@s.whatsapp.net', '120363023456789012@g.us'],
});

export const ttl = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: 7 * 86_400,
    description: `Seconds after which it fails instead of being sent late. Default ${defaultTtlSeconds}`,
  }),
);

const id = Type.String({ minLength: 1, maxLength: 128, description: "The message's id on WhatsApp" });

/**
 * A message that a command is about. What is not said is looked up in the instance's history; a message that is no
 * longer kept there needs it all.
 */
export const MessageRef = Type.Object(
  {
    id,
    fromMe: Type.Optional(Type.Boolean({ description: 'Whether this number wrote it. Only needed if it is not kept' })),
    sender: Type.Optional(
      Type.String({ maxLength: 100, description: 'JID of who wrote it, in a group. Only needed if it is not kept' }),
    ),
  },
  { additionalProperties: false },
);
export type MessageRef = Static<typeof MessageRef>;

const mentions = Type.Optional(
  Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
    maxItems: 1024,
    description: 'Phone numbers or JIDs that the text mentions, written in it as @number',
  }),
);

/** What every message with content may have. */
export const context = {
  quoted: Type.Optional(
    Type.Object(
      {
        ...MessageRef.properties,
        text: Type.Optional(
          Type.String({ maxLength: 65_536, description: 'Shown as the quote. Only needed if the message is not kept' }),
        ),
      },
      { additionalProperties: false, description: 'The message that this one answers' },
    ),
  ),
  mentions,
  mentionAll: Type.Optional(Type.Boolean({ description: 'Notify every member of the group' })),
  expiration: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 31_536_000,
      description: 'Seconds after which it disappears. Default: as the chat is set; 0: never',
    }),
  ),
  forwarded: Type.Optional(Type.Boolean({ description: 'Mark it as forwarded' })),
};

/** Where the file of a message comes from: exactly one of `url`, `base64` and `id`. */
export const MediaInput = Type.Object(
  {
    url: Type.Optional(
      Type.String({ minLength: 1, maxLength: 4096, description: 'Fetched when it is sent; must be a public address' }),
    ),
    base64: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'The file itself, also as a data: URL. Large files: multipart, or POST /v1/media',
      }),
    ),
    id: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'A file that was stored with POST /v1/media, or received',
      }),
    ),
    mimeType: Type.Optional(Type.String({ maxLength: 200, description: 'Default: what the file says that it is' })),
    fileName: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  },
  {
    additionalProperties: false,
    description: 'The file: one of `url`, `base64` and `id`; or send the request as multipart/form-data with a file',
  },
);
export type MediaInput = Static<typeof MediaInput>;

export const caption = Type.Optional(Type.String({ maxLength: 65_536 }));
export const viewOnce = Type.Optional(Type.Boolean({ description: 'It can be opened once' }));

/** A command's body: `to`, `ttl` and what else it takes. */
export const body = <P extends Record<string, TSchema>>($id: string, properties: P) =>
  Type.Object({ to: recipient, ...properties, ttl }, { additionalProperties: false, $id });

export { id as messageIdSchema };
