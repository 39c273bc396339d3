import multipart, { type MultipartFile, type MultipartValue } from '@fastify/multipart';
import type { Media } from '@flotilla/media';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { apiError } from '../errors.ts';
import { uploadSignal } from '../upload-signal.ts';
import { tenantOf } from './access.ts';

/** What a form may have. Files have limits of their own. */
const formLimits = {
  fieldNameSize: 100,
  fieldSize: 1_048_576,
  fields: 100,
  files: 30,
  parts: 130,
  headerPairs: 50,
  fileSize: Number.POSITIVE_INFINITY,
};

/** The part of a JSON schema that decides how a text of a form is read. */
interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
}

type Fields = Record<string, unknown>;

/** What a text of a form means where the schema wants this; left as it is if it cannot mean that. */
function meaningOf(text: string, schema: Schema | undefined): unknown {
  const wanted = schema?.type;
  if (wanted === undefined || wanted === 'string') {
    return wanted === undefined && /^[[{]/.test(text) ? parsed(text) : text;
  }
  return parsed(text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The `payload` field: a JSON object with any fields of the body. */
function payloadOf(text: unknown): Fields {
  const value = typeof text === 'string' ? parsed(text) : text;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw apiError('VALIDATION', 'body/payload: must be a JSON object');
  return value as Fields;
}

/** The schema of the body that a route takes as JSON. */
function bodySchemaOf(request: FastifyRequest): Schema {
  const schema = request.routeOptions.schema?.body as
    | (Schema & { content?: Record<string, { schema: Schema }> })
    | undefined;
  return schema?.content?.['application/json']?.schema ?? schema ?? {};
}

/**
 * Takes a file of a form, which must be read to its end or refused.
 * @param signal is aborted when the client goes away
 */
type TakeFile = (file: MultipartFile, place: { index: number; signal: AbortSignal }) => Promise<void>;

/**
 * Reads a form, part by part, as it arrives.
 * @param limits what it may have, if that is not what forms have as a rule
 * @returns its texts as the body that a request with JSON would have had
 * @throws VALIDATION for a form that is broken or too large; whatever `takeFile` throws
 */
export async function readForm(
  request: FastifyRequest,
  reply: FastifyReply,
  takeFile: TakeFile,
  limits: typeof formLimits = formLimits,
): Promise<Fields> {
  const { properties = {} } = bodySchemaOf(request);
  const texts: Fields = {};
  let payload: Fields = {};
  let index = 0;
  let characters = 0;
  let file: MultipartFile['file'] | undefined;
  const signal = uploadSignal(reply);
  // Nobody must wait for the rest of a file that does not come.
  signal.addEventListener('abort', () => file?.destroy(signal.reason), { once: true });
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file') {
        file = part.file;
        await takeFile(part, { index, signal });
        index += 1;
        continue;
      }
      const { fieldname, value, valueTruncated } = part as MultipartValue<unknown> & { valueTruncated?: boolean };
      if (valueTruncated) throw apiError('VALIDATION', `body/${fieldname}: is longer than 1 MB`);
      characters += typeof value === 'string' ? value.length : 0;
      // Texts are in memory, unlike files: many that are large would be as one that is too large.
      if (characters > limits.fieldSize) throw apiError('VALIDATION', 'body: its texts are longer than 1 MB together');
      if (fieldname === 'payload') payload = payloadOf(value);
      else texts[fieldname] = typeof value === 'string' ? meaningOf(value, properties[fieldname]) : value;
    }
  } catch (error) {
    // The rest of the form is not read; a client that goes on sending it must not do so on this connection.
    reply.header('connection', 'close');
    throw isFormError(error) ? apiError('VALIDATION', 'body: is not a valid form, or has too many parts') : error;
  }
  return { ...payload, ...texts };
}

/** Refusals of the parser: its own codes, and errors without any. */
function isFormError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string') return /^FST_(?!ERR_(CTP|VAL))/.test(error.code);
  return /multipart|boundary|malformed part|unexpected end of/i.test(error.message);
}

/**
 * Lets the routes of its scope take forms (`multipart/form-data`) in place of JSON: texts become fields (numbers,
 * booleans, lists and objects where the route's schema wants them), a field `payload` may hold a JSON object with any
 * of them. A file is stored as it arrives and becomes `media: {id}`, or the property that its field is named after. A
 * route that takes `items` gets its files there, in their order. Files are checked against the route's schema before
 * they are stored; the body after.
 */
export const multipartBodies = fastifyPlugin(
  async (app: FastifyInstance, { media }: { media: Pick<Media, 'putContent'> }) => {
    await app.register(multipart, { limits: formLimits, throwFileSizeLimit: false });

    const readBody = async (request: FastifyRequest, reply: FastifyReply) => {
      const tenant = tenantOf(request);
      const { properties = {} } = bodySchemaOf(request);
      const stored: Fields = {};
      const items: Fields[] = [];

      const body = await readForm(request, reply, async (part, { index, signal }) => {
        const { fieldname, filename, mimetype, file } = part;
        const name = fieldname === 'file' ? 'media' : fieldname;
        const isKnown = Object.hasOwn(properties, name);
        const isItem = !isKnown && 'items' in properties;
        if (!isItem && !isKnown) throw apiError('VALIDATION', `body/${name}: is not a known field`);
        if (!isItem && name in stored) throw apiError('VALIDATION', `body/${name}: can have one file only`);
        const details = { mimeType: mimetype, fileName: filename || undefined, signal };
        const { id, mimeType } = await media.putContent(tenant, file, details);
        if (isItem) items[index] = { type: mimeType.startsWith('video/') ? 'video' : 'image', media: { id } };
        else stored[name] = { id };
      });
      request.body = { ...body, ...stored, ...(items.length > 0 && { items: withTexts(items, body.items) }) };
    };
    app.addHook('preValidation', (request, reply, done) => {
      if (!request.isMultipart() || request.routeOptions.config.readsForms) return done();
      readBody(request, reply).then(() => done(), done);
    });
  },
  { name: 'multipart-bodies' },
);

/** Items with files, and what the form says of each beside it. */
const withTexts = (items: readonly Fields[], texts: unknown) =>
  items.map((item, index) => ({ ...item, ...(Array.isArray(texts) ? texts[index] : undefined), media: item.media }));

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route reads forms itself. */
    readsForms?: boolean;
  }
}
