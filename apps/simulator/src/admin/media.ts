import createError from '@fastify/error';
import { Type } from 'typebox';
import { mediaFaultModes } from '../media/faults.ts';
import { mediaRetryModes } from '../media/retry.ts';
import type { MediaBlob } from '../media/store.ts';
import type { Network } from '../network.ts';
import type { Admin } from './admin.ts';
import { accountOf } from './errors.ts';
import { answers, Phone } from './schemas.ts';

const MediaNotFound = createError('MEDIA_NOT_FOUND', 'Nothing is stored at %s', 404);

const MediaView = Type.Object({
  directPath: Type.String(),
  url: Type.String(),
  kind: Type.String({ description: 'image, video, audio, document, …; picture for profile pictures' }),
  hash: Type.String({ description: 'SHA-256 of the stored bytes, base64url' }),
  size: Type.Integer(),
  at: Type.Number({ description: 'Unix milliseconds' }),
  uploadedBy: Type.Optional(Type.String({ description: 'phone:device' })),
  uploads: Type.Integer({ description: 'how often clients uploaded exactly these bytes' }),
  downloads: Type.Integer(),
  expired: Type.Boolean(),
});

const Path = Type.String({ minLength: 1, description: 'direct path or URL' });
const Statistics = Type.Object({
  blobs: Type.Integer(),
  bytes: Type.Integer(),
  bytesInMemory: Type.Integer({ description: 'the others are in temporary files' }),
  uploads: Type.Integer({ description: 'uploads by clients, repeated ones too' }),
  downloads: Type.Integer(),
  uploadsByHash: Type.Record(Type.String(), Type.Integer()),
});

/** The media servers: what they keep, and what goes wrong with them. */
export function mediaRoutes(app: Admin, network: Network): void {
  const view = (blob: MediaBlob) => ({ ...blob, url: network.media.urlOf(blob.directPath) });
  const blobAt = (path: string) => {
    const blob = network.media.get(path);
    if (!blob) throw new MediaNotFound(path);
    return blob;
  };
  app.get(
    '/media',
    {
      schema: {
        summary: 'List the stored media, oldest first',
        tags: ['media'],
        querystring: Type.Object({
          uploadedBy: Type.Optional(Type.String({ description: 'phone, or phone:device' })),
        }),
        response: answers(Type.Array(MediaView)),
      },
    },
    ({ query: { uploadedBy } }) =>
      network.media
        .list()
        .filter(
          (blob) => !uploadedBy || blob.uploadedBy === uploadedBy || blob.uploadedBy?.split(':')[0] === uploadedBy,
        )
        .map(view),
  );
  app.get(
    '/media/statistics',
    { schema: { summary: 'Count uploads and downloads', tags: ['media'], response: answers(Statistics) } },
    () => {
      const blobs = network.media.list();
      const sum = (of: (blob: MediaBlob) => number) => blobs.reduce((total, blob) => total + of(blob), 0);
      const uploadsByHash: Record<string, number> = {};
      for (const { hash, uploads } of blobs) if (uploads) uploadsByHash[hash] = (uploadsByHash[hash] ?? 0) + uploads;
      return {
        blobs: blobs.length,
        bytes: sum(({ size }) => size),
        bytesInMemory: network.media.bytesInMemory,
        uploads: sum(({ uploads }) => uploads),
        downloads: sum(({ downloads }) => downloads),
        uploadsByHash,
      };
    },
  );
  app.get(
    '/media/blob',
    {
      schema: {
        summary: 'Fetch the stored bytes, expired or not',
        description: 'As they were uploaded: encrypted, with the MAC at the end.',
        tags: ['media'],
        querystring: Type.Object({ path: Path }),
      },
    },
    ({ query }, reply) => reply.type('application/octet-stream').send(network.media.read(blobAt(query.path))),
  );
  app.post(
    '/media/expire',
    {
      schema: {
        summary: 'Let one blob or all of them expire',
        description: 'Downloads are answered with 410 from now on, until somebody uploads the same again.',
        tags: ['media'],
        body: Type.Optional(Type.Union([Type.Object({ path: Type.Optional(Path) }), Type.Null()])),
        response: answers(Type.Object({ expired: Type.Integer() })),
      },
    },
    ({ body }) => {
      const blobs = body?.path ? [blobAt(body.path)] : network.media.list();
      for (const blob of blobs) blob.expired = true;
      return { expired: blobs.length };
    },
  );
  app.get(
    '/media/retries',
    {
      schema: {
        summary: 'List the requests of clients for media that had expired',
        tags: ['media'],
        response: answers(
          Type.Array(
            Type.Object({
              id: Type.String({ description: 'of the message' }),
              device: Type.String({ description: 'phone:device' }),
              chat: Type.String(),
              at: Type.Number(),
              result: Type.String(),
            }),
          ),
        ),
      },
    },
    () => network.mediaRetries.requests,
  );
  app.post(
    '/media/retries',
    {
      schema: {
        summary: 'Choose how the phone of an account answers such requests',
        description: '`success` uploads again, to a new path; `silent` does not answer.',
        tags: ['media'],
        body: Type.Object({ phone: Phone, answer: Type.Union(mediaRetryModes.map((mode) => Type.Literal(mode))) }),
        response: answers(Type.Object({ ok: Type.Literal(true) })),
      },
    },
    ({ body }) => {
      network.mediaRetries.answerWith(accountOf(network, body.phone).phone, body.answer);
      return { ok: true as const };
    },
  );
  app.post(
    '/faults/media',
    {
      schema: {
        summary: 'Let transfers of media go wrong',
        description:
          'The next `count`. `status` answers with that status; `slow` sends `bytesPerSecond`; `stall` stops after the first bytes; `endless` never ends; `truncated` is cut in the middle; `short` announces and sends half; `corrupt` changes a byte. Uploads know `status`, `slow` and `stall`.',
        tags: ['faults'],
        body: Type.Object({
          mode: Type.Union(mediaFaultModes.map((mode) => Type.Literal(mode))),
          on: Type.Optional(Type.Union([Type.Literal('download'), Type.Literal('upload')])),
          path: Type.Optional(Path),
          count: Type.Optional(Type.Integer({ minimum: 1 })),
          status: Type.Optional(Type.Integer({ minimum: 300, maximum: 599 })),
          bytesPerSecond: Type.Optional(Type.Integer({ minimum: 1 })),
        }),
        response: answers(Type.Object({ ok: Type.Literal(true) })),
      },
    },
    ({ body: { mode, on = 'download', path, count = 1, status = 500, bytesPerSecond = 10_000 } }) => {
      const directPath = path && blobAt(path).directPath;
      network.media.faults.add({ mode, on, status, bytesPerSecond, directPath, left: count });
      return { ok: true as const };
    },
  );
}
