import Type, { type Static } from 'typebox';

const mimeType = Type.String({
  pattern: '^[\\w.+-]+/[\\w.+-]+(\\s*;.*)?$',
  maxLength: 200,
  description: 'Default: what the file says that it is',
  examples: ['image/jpeg'],
});
const fileName = Type.String({ minLength: 1, maxLength: 255, examples: ['invoice.pdf'] });

/** A stored file as the API shows it. */
export const Media = Type.Object(
  {
    id: Type.String({ description: 'What messages name it by', examples: ['med_7k2v9q0c4n8x1b5m3h6t'] }),
    instance: Type.Optional(Type.String({ description: 'The instance that received it' })),
    mimeType: Type.String(),
    fileName: Type.Optional(Type.String()),
    size: Type.Integer({ description: 'Bytes' }),
    sha256: Type.String({ description: 'Of the content, as hex' }),
    createdAt: Type.Integer({ description: 'Unix ms' }),
    expiresAt: Type.Optional(Type.Integer({ description: 'Unix ms; absent if it is kept until it is deleted' })),
  },
  { $id: 'Media' },
);
export type Media = Static<typeof Media>;

/** What to store: exactly one of `url` and `base64`. */
export const StoreMedia = Type.Object(
  {
    url: Type.Optional(
      Type.String({ minLength: 1, maxLength: 4096, description: 'Fetched at once; must be a public address' }),
    ),
    base64: Type.Optional(Type.String({ minLength: 1, description: 'The file itself, also as a data: URL' })),
    mimeType: Type.Optional(mimeType),
    fileName: Type.Optional(fileName),
  },
  { additionalProperties: false, $id: 'StoreMedia' },
);
export type StoreMedia = Static<typeof StoreMedia>;

/** The longest that a link to a file can be good for, in seconds: what S3 allows for a signed URL. */
export const longestLinkSeconds = 604_800;

export const LinkMedia = Type.Object(
  {
    seconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: longestLinkSeconds,
        default: 3_600,
        description: 'How long the link is good for. Default 3600',
      }),
    ),
  },
  { additionalProperties: false, $id: 'LinkMedia' },
);
export type LinkMedia = Static<typeof LinkMedia>;

export const MediaLink = Type.Object(
  {
    url: Type.String({ description: 'Whoever has it can fetch the file, without a key' }),
    expiresAt: Type.Integer({ description: 'Unix ms' }),
  },
  { $id: 'MediaLink' },
);
export type MediaLink = Static<typeof MediaLink>;
