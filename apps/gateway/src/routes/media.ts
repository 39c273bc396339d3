import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { LinkMedia, Media, MediaLink, StoreMedia } from '@flotilla/contracts';
import {
  createLinkToken,
  type LinkedMedia,
  type MediaRecord,
  mediaView,
  readLinkToken,
  toldLinkMs,
} from '@flotilla/media';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { rangeOf } from '../byte-range.ts';
import { apiError } from '../errors.ts';
import { shown } from '../identifier.ts';
import { contentDisposition, contentType, mediaHeaders } from '../media-headers.ts';
import { assertOneOf, decodeFile } from '../media-input.ts';
import type { Parts, Routes } from '../parts.ts';
import { patience } from '../patience.ts';
import { tenantOf } from '../plugins/access.ts';
import { multipartBodies, readForm } from '../plugins/multipart.ts';
import { cutOffWhenStalled } from '../stalled.ts';
import { uploadSignal } from '../upload-signal.ts';

const MediaParams = Type.Object({ media: Type.String({ description: 'Id of the file' }) });
const LinkParams = Type.Object({ token: Type.String({ description: 'As the link has it' }) });

const fileBody = Type.Unsafe<Readable>({ type: 'string', format: 'binary' });
const fileResponse = (description: string) => ({ description, content: { '*/*': { schema: fileBody } } });
const fileResponses = {
  200: fileResponse('The file'),
  206: fileResponse('The part of it that `Range` asks for'),
  304: Type.Null({ description: 'You have it: it still has the `ETag` of `If-None-Match`' }),
};

const defaultLinkSeconds = 3_600;
/** How long storing the file of a message that has just come may take, and how often to look for it (ms). */
const storingMs = 20_000;
const lookAgainMs = 500;
const headerOf = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

/** How a raw body is called: `content-disposition: attachment; filename="…"`, as with a download. */
function uploadedName({ headers }: FastifyRequest): string | undefined {
  const header = headers['content-disposition'] ?? '';
  const name = /filename="([^"]{1,255})"/i.exec(header)?.[1] ?? /filename=([^\s;"]{1,255})/i.exec(header)?.[1];
  return name?.split(/[/\\]/).at(-1) || undefined;
}

/** Stores what a request carries: a form with a file, JSON that names one, or the file itself. */
async function store({ media }: Parts, request: FastifyRequest, reply: FastifyReply): Promise<MediaRecord> {
  const tenant = tenantOf(request);
  if (request.isMultipart()) return storeForm(media, tenant, request, reply);
  if (request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() === 'application/json') {
    const { url, base64, mimeType, fileName } = request.body as StoreMedia;
    assertOneOf(request.body as StoreMedia, ['url', 'base64'], 'body');
    const signal = uploadSignal(reply);
    if (url !== undefined) return media.putFromUrl(tenant, url, { mimeType, fileName, signal });
    const file = decodeFile(base64 ?? '', 'body');
    return media.put(tenant, file.content, { mimeType: mimeType ?? file.mimeType, fileName, signal });
  }
  const source = request.body as Readable;
  const mimeType = request.headers['content-type'];
  try {
    return await media.put(tenant, source, {
      mimeType,
      fileName: uploadedName(request),
      signal: uploadSignal(reply, source),
    });
  } catch (error) {
    // The rest is not read; it must not be taken for the next request.
    reply.header('connection', 'close');
    throw error;
  }
}

async function storeForm(media: Parts['media'], tenant: string, request: FastifyRequest, reply: FastifyReply) {
  let stored: MediaRecord | undefined;
  await readForm(request, reply, async ({ file, filename, mimetype }, { signal }) => {
    if (stored) {
      await media.remove(tenant, stored.id);
      throw apiError('VALIDATION', 'body: must have one file only');
    }
    const details = { mimeType: mimetype, fileName: filename || undefined, signal };
    stored = await media.put(tenant, file, details);
  });
  if (!stored) throw apiError('VALIDATION', 'body: has no file');
  return stored;
}

/** Whether the client has this very file: one of the tags that it names is the file's. */
const isKnown = (header: string | undefined, etag: string) =>
  header?.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, ''))) ?? false;

/** Answers with a file or a part of it. */
async function serve({ media }: Parts, record: MediaRecord, request: FastifyRequest, reply: FastifyReply) {
  const headers = mediaHeaders(record);
  reply.headers(headers);
  if (isKnown(request.headers['if-none-match'], headers.etag)) return reply.code(304).send();
  const condition = headerOf(request.headers['if-range']);
  const isSame = condition === undefined || condition === headers.etag;
  const range = isSame ? rangeOf(request.headers.range, record.size) : undefined;
  if (range === 'unsatisfiable') {
    reply.removeHeader('content-disposition').removeHeader('etag').header('content-range', `bytes */${record.size}`);
    throw apiError('RANGE_NOT_SATISFIABLE', record.size);
  }
  reply.header('content-length', range ? range.end - range.start + 1 : record.size);
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${record.size}`);
  if (request.method === 'HEAD') return reply.send();
  // With its end named, the stream ends with its last byte. Otherwise a client that has counted them is gone before.
  const asked = range ?? (record.size > 0 ? { start: 0, end: record.size - 1 } : undefined);
  const stream = await media.read(record, { range: asked, signal: uploadSignal(reply) });
  // Removed within the last moment.
  if (!stream) throw apiError('MEDIA_NOT_FOUND', record.id);
  cutOffWhenStalled(reply.raw);
  return reply.send(stream);
}

/** `/v1/media`, and links to files. */
export const mediaRoutes: Routes = async (app, parts) => {
  const { media, keyRing, inlineBodyBytes } = parts;
  await app.register(multipartBodies, { media });
  // Whatever else is sent is a file, and goes through as a stream.
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  const compile = app.validatorCompiler ?? (() => () => true);

  const find = async (tenant: string, id: string) => {
    const record = await media.find(tenant, id);
    if (!record) throw apiError('MEDIA_NOT_FOUND', shown(id));
    return record;
  };

  app.post(
    '/v1/media',
    {
      bodyLimit: inlineBodyBytes,
      config: {
        access: 'media:write',
        readsForms: true,
        errors: ['MEDIA_TOO_LARGE', 'MEDIA_QUOTA_EXCEEDED', 'MEDIA_SOURCE_FAILED'],
      },
      schema: {
        operationId: 'storeMedia',
        tags: ['Media'],
        summary: 'Store a file',
        description:
          'As a form with one file, as the file itself with its `content-type` (and `content-disposition` for its name), or as JSON that has it as base64 or says where to fetch it. Messages name it by the id in the answer.',
        body: {
          content: {
            'application/json': { schema: StoreMedia },
            'multipart/form-data': {
              schema: Type.Object({ file: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) }),
            },
            '*/*': { schema: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) },
          },
        },
        response: { 201: Media },
      },
      // Only JSON is validated: the rest are streams.
      validatorCompiler: (route) =>
        'contentType' in route && route.contentType !== 'application/json' ? () => true : compile(route),
    },
    async (request, reply) => {
      if (request.body === undefined && !request.isMultipart()) throw apiError('VALIDATION', 'body: has no file');
      return reply.code(201).send(mediaView(await store(parts, request, reply)));
    },
  );

  const fetchRoute = {
    config: { access: 'media:read', errors: ['MEDIA_NOT_FOUND', 'RANGE_NOT_SATISFIABLE'] },
    schema: {
      operationId: 'fetchMedia',
      tags: ['Media'],
      summary: 'Fetch a file',
      description: 'With `Range`, `If-Range` and `If-None-Match`. `HEAD` tells size and type without the file.',
      params: MediaParams,
      response: fileResponses,
    },
  } as const;
  const fetchMedia = async (request: FastifyRequest, reply: FastifyReply) => {
    const { media: id } = request.params as Static<typeof MediaParams>;
    return serve(parts, await find(tenantOf(request), id), request, reply);
  };
  app.head('/v1/media/:media', { config: fetchRoute.config, schema: { hide: true } }, fetchMedia);
  app.get('/v1/media/:media', { ...fetchRoute, exposeHeadRoute: false }, fetchMedia);

  app.delete(
    '/v1/media/:media',
    {
      config: { access: 'media:write', errors: ['MEDIA_NOT_FOUND'] },
      schema: {
        operationId: 'deleteMedia',
        tags: ['Media'],
        summary: 'Delete a file',
        description: 'Messages that wait and name it will fail.',
        params: MediaParams,
        response: { 204: Type.Null({ description: 'It is gone' }) },
      },
    },
    async (request, reply) => {
      const { media: id } = request.params;
      if (!(await media.remove(tenantOf(request), id))) throw apiError('MEDIA_NOT_FOUND', shown(id));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/media/:media/link',
    {
      config: { access: 'media:read', errors: ['MEDIA_NOT_FOUND'] },
      schema: {
        operationId: 'linkMedia',
        tags: ['Media'],
        summary: 'Get a link to a file that needs no key',
        description: 'For a browser, or for somebody who has no key. It cannot be taken back, only expire.',
        params: MediaParams,
        body: LinkMedia,
        response: { 200: MediaLink },
      },
      preValidation: async (request) => {
        // Everything in it has a default.
        request.body ??= {};
      },
    },
    async (request) => {
      const tenant = tenantOf(request);
      const record = await find(tenant, request.params.media);
      const seconds = request.body.seconds ?? defaultLinkSeconds;
      const expiresAt = Date.now() + seconds * 1_000;
      const ofStore = await media.presign(record, {
        seconds,
        contentType: contentType(record),
        contentDisposition: contentDisposition(record),
      });
      const token = () => createLinkToken(keyRing, { tenant, id: record.id, expiresAt });
      return { url: ofStore ?? `${request.protocol}://${request.host}/media/${token()}`, expiresAt };
    },
  );

  const linkRoute = {
    config: { access: 'public', errors: ['LINK_INVALID', 'MEDIA_NOT_FOUND', 'RANGE_NOT_SATISFIABLE'] },
    schema: {
      operationId: 'fetchLinkedMedia',
      tags: ['Media'],
      summary: 'Fetch a file by a link',
      description: 'What `POST /v1/media/{media}/link` answers leads here.',
      params: LinkParams,
      response: fileResponses,
    },
  } as const;
  /** The file of a link; one that was told a moment ago may still be on its way into the store. */
  const findSoon = async ({ tenant, id, expiresAt }: LinkedMedia, reply: FastifyReply): Promise<MediaRecord> => {
    const deadline = Math.min(Date.now() + storingMs, expiresAt - toldLinkMs + 3 * storingMs);
    const signal = patience(reply, parts.closing);
    for (;;) {
      const record = await media.find(tenant, id);
      if (record) return record;
      if (Date.now() >= deadline || signal.aborted) throw apiError('MEDIA_NOT_FOUND', id);
      await pause(lookAgainMs, undefined, { signal }).catch(() => {});
    }
  };
  const fetchLinked = async (request: FastifyRequest, reply: FastifyReply) => {
    const linked = readLinkToken(keyRing, (request.params as Static<typeof LinkParams>).token);
    if (!linked) throw apiError('LINK_INVALID');
    return serve(parts, await findSoon(linked, reply), request, reply);
  };
  app.head('/media/:token', { config: linkRoute.config, schema: { hide: true } }, fetchLinked);
  app.get('/media/:token', { ...linkRoute, exposeHeadRoute: false }, fetchLinked);
};
