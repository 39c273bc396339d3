import { type DecodedFile, decodeBase64, type Media, type MediaRecord } from '@flotilla/media';
import { apiError } from './errors.ts';

/** Where a file comes from, as a request says it; see `MediaInput` of contracts. */
interface Input {
  url?: string;
  base64?: string;
  id?: string;
  mimeType?: string;
  fileName?: string;
}

type Part = Pick<Media, 'putContent' | 'find' | 'checkUrl'>;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** What a `base64` field holds. @throws VALIDATION if it is not base64 */
export function decodeFile(base64: string, field: string): DecodedFile {
  const decoded = decodeBase64(base64);
  if (!decoded) throw apiError('VALIDATION', `${field}/base64: must be base64, or a data: URL with base64`);
  return decoded;
}

/** Why exactly one of some fields must be there; undefined if it is so. */
export function assertOneOf(input: object, fields: readonly string[], at: string): void {
  const given = fields.filter((field) => field in input);
  if (given.length !== 1) throw apiError('VALIDATION', `${at}: must have exactly one of ${fields.join(', ')}`);
}

async function settle(media: Part, tenant: string, input: Input, at: string, signal?: AbortSignal): Promise<Input> {
  assertOneOf(input, ['url', 'base64', 'id'], at);
  const { url, base64, id, mimeType, fileName } = input;
  if (url !== undefined) {
    const objection = media.checkUrl(url);
    if (objection) throw apiError('VALIDATION', `${at}/url: ${objection}`);
    return input;
  }
  if (id !== undefined) {
    if (!(await media.find(tenant, id))) throw apiError('MEDIA_NOT_FOUND', id.slice(0, 64));
    return input;
  }
  const file = decodeFile(base64 ?? '', at);
  const details = { mimeType: mimeType ?? file.mimeType, fileName, signal };
  const record: MediaRecord = await media.putContent(tenant, file.content, details);
  return { id: record.id, ...(mimeType && { mimeType }), ...(fileName && { fileName }) };
}

/**
 * Makes a command's body fit for the queue: every property `media`, however deep, that holds a file as base64 gets its
 * id instead. The id follows from the file's content, so the result, and the fingerprint that is made of it, is the
 * same for each repetition of the request, and the file is stored once. URLs are checked, ids looked up.
 * @param media of `Parts`
 * @param tenant on whose behalf the request is made
 * @param body validated; stays as it is
 * @returns the body to queue and to take the fingerprint of
 * @throws VALIDATION, MEDIA_NOT_FOUND, MEDIA_TOO_LARGE, MEDIA_QUOTA_EXCEEDED, STORE_UNAVAILABLE
 */
export async function settleMedia<T>(media: Part, tenant: string, body: T, signal?: AbortSignal): Promise<T> {
  const visit = async (value: unknown, at: string): Promise<unknown> => {
    if (Array.isArray(value)) {
      const items: unknown[] = [];
      // One after the other: a request must not have many files in memory at a time.
      for (const [index, item] of value.entries()) items.push(await visit(item, `${at}/${index}`));
      return items;
    }
    if (!isObject(value)) return value;
    const settled: Record<string, unknown> = {};
    for (const [name, part] of Object.entries(value)) {
      const here = `${at}/${name}`;
      settled[name] =
        name === 'media' && isObject(part) && !Array.isArray(part)
          ? await settle(media, tenant, part, here, signal)
          : await visit(part, here);
    }
    return settled;
  };
  return (await visit(body, 'body')) as T;
}

/** Why the file of a request may be refused before anything is queued. */
export const fileErrors = ['MEDIA_NOT_FOUND', 'MEDIA_TOO_LARGE', 'MEDIA_QUOTA_EXCEEDED'] as const;

/** Whether a body can hold a file, at its top or in its items. */
export const takesFiles = ({ properties }: { properties: object }): boolean =>
  'media' in properties || 'items' in properties;
