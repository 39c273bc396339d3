import { join } from 'node:path';
import type { QueuedBody, SendErrorCode } from '@flotilla/contracts';
import { MediaError, type MediaErrorCode } from '@flotilla/media';
import { type SendContext, SendRefused } from './handler.ts';

/** Where a file comes from. The gateway has stored what came within the request: then it is an `id`. */
export type MediaSource = QueuedBody<'send.image'>['media'];

/** A file on the local disk, in a folder of its own. */
export interface LocalFile {
  path: string;
  /** What the body, else whoever had the file says that it is. */
  mimeType: string;
  fileName?: string;
  /** Path of a further file in the same folder. */
  beside(name: string): string;
}

/** What a tenant is told of a file that can never be sent. Errors that are not here may pass. */
const refusals: { [C in MediaErrorCode]?: { code: SendErrorCode; message: (detail: string) => string } } = {
  MEDIA_TOO_LARGE: { code: 'media-too-large', message: (bytes) => `The file is larger than ${bytes} bytes` },
  MEDIA_SOURCE_FAILED: { code: 'media-unavailable', message: (detail) => `The URL ${detail}` },
  MEDIA_UNSUPPORTED: { code: 'unsupported-media', message: (detail) => `The file ${detail}` },
  MEDIA_CONVERTER_UNAVAILABLE: {
    code: 'unsupported-media',
    message: () => 'Files of this kind are not converted here',
  },
};

/**
 * Gives `work` a file on the local disk, and removes it with everything beside it when that has ended, however it ends.
 * @throws SendRefused for a file that can never be sent
 */
export async function withFile<T>(
  context: SendContext,
  source: MediaSource,
  work: (file: LocalFile) => Promise<T>,
): Promise<T> {
  try {
    return await context.converter.inWorkFolder(async (folder) => {
      const beside = (name: string) => join(folder, name);
      return work({ ...(await fetchFile(context, source, beside('source'))), beside });
    });
  } catch (error) {
    const refusal = error instanceof MediaError ? refusals[error.code] : undefined;
    if (!(error instanceof MediaError) || !refusal || context.signal.aborted) throw error;
    throw new SendRefused(refusal.code, refusal.message(error.detail));
  }
}

async function fetchFile(
  { media, tenant, signal }: SendContext,
  { id, url, mimeType, fileName }: MediaSource,
  path: string,
): Promise<Omit<LocalFile, 'beside'>> {
  const found =
    id !== undefined
      ? await media.saveTo(tenant, id, path, signal)
      : url !== undefined
        ? await media.fetchToFile(url, path, { signal })
        : undefined;
  if (!found) throw new SendRefused('media-unavailable', 'There is no stored file of this id');
  return { path, mimeType: mimeType ?? found.mimeType, fileName: fileName ?? found.fileName };
}
