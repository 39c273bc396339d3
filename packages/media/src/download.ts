import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import {
  type AddressPolicy,
  AddressRefusedError,
  ConnectError,
  checkUrl,
  createSafeAgent,
  FetchTimeoutError,
  safeStream,
} from '@flotilla/safe-fetch';
import { MediaError } from './errors.ts';
import { measured, type Stored } from './object-store.ts';
import { withType } from './sniff.ts';

/** A file on another server, of which the head has been read. */
export interface RemoteFile {
  mimeType?: string;
  fileName?: string;
  content: AsyncIterable<Uint8Array>;
  /** Lets go of content that nobody reads. */
  cancel(): void;
}

/** A file that was fetched to the local disk. */
export interface FetchedFile extends Stored {
  path: string;
  mimeType: string;
  fileName?: string;
}

export interface FetchLimits {
  /** `Infinity` for no limit. */
  maxBytes: number;
  /** For everything, the last byte included (ms). */
  timeoutMs: number;
  signal?: AbortSignal;
}

export type Downloader = ReturnType<typeof createDownloader>;

/** Fetches files by URL, only from addresses that the policy allows; redirects are not followed. */
export function createDownloader(addresses: AddressPolicy) {
  const dispatcher = createSafeAgent({ policy: addresses });

  /**
   * Asks for a file.
   * @throws MediaError `MEDIA_SOURCE_FAILED`, also while its content is read; `MEDIA_TOO_LARGE` if it says so itself
   */
  async function open(url: string, { maxBytes, timeoutMs, signal }: FetchLimits): Promise<RemoteFile> {
    const objection = checkUrl(url, { addresses });
    if (objection) throw new MediaError('MEDIA_SOURCE_FAILED', objection);
    // What is compressed on the way could be of any size behind it.
    const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'Flotilla' };
    const answer = await safeStream(url, { dispatcher, timeoutMs, signal, headers }).catch((error: unknown) => {
      throw failureOf(error);
    });
    try {
      assertUsable(answer, maxBytes);
    } catch (error) {
      answer.cancel();
      throw error;
    }
    const [contentType, disposition] = [answer.headers['content-type'], answer.headers['content-disposition']];
    return {
      ...(typeof contentType === 'string' && { mimeType: contentType.trim().toLowerCase() }),
      ...nameOf(url, typeof disposition === 'string' ? disposition : ''),
      content: readBody(answer.body),
      cancel: answer.cancel,
    };
  }

  return {
    open,
    /** Why a URL is refused, as the end of a sentence about it; undefined if nothing speaks against it. */
    check: (url: string) => checkUrl(url, { addresses }),
    /** Fetches a file to `path`. What was written before an error stays for the caller to remove. */
    async toFile(url: string, path: string, limits: FetchLimits): Promise<FetchedFile> {
      const remote = await open(url, limits);
      const { mimeType, content } = await withType(remote.content, remote.mimeType);
      const { stream, result } = measured(content, limits);
      await pipeline(stream, createWriteStream(path));
      return { path, mimeType, fileName: remote.fileName, ...result() };
    },
    /** Ends idle connections, and those under way. */
    close: () => void dispatcher.destroy().catch(() => {}),
  };
}

function assertUsable(answer: { status: number; headers: Record<string, unknown> }, maxBytes: number) {
  const { status, headers } = answer;
  if (status >= 300 && status < 400)
    throw new MediaError('MEDIA_SOURCE_FAILED', 'redirects, which is not followed: use the address it leads to');
  if (status !== 200) throw new MediaError('MEDIA_SOURCE_FAILED', `answered with status ${status}`);
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw new MediaError('MEDIA_SOURCE_FAILED', 'answered with a compressed body although it was asked not to');
  // Who announces too much need not be read at all; who announces too little is cut off later.
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw new MediaError('MEDIA_TOO_LARGE', maxBytes);
}

async function* readBody(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw failureOf(error);
  }
}

function failureOf(error: unknown): unknown {
  const why = (detail: string) => new MediaError('MEDIA_SOURCE_FAILED', detail, { cause: error });
  if (error instanceof AddressRefusedError) return why('points inside the network');
  if (error instanceof FetchTimeoutError) return why('gave no complete answer in time');
  if (error instanceof ConnectError) return why(`could not be fetched (${error.code})`);
  return error;
}

/** What a file is called: by the server, else by the end of its path. */
function nameOf(url: string, disposition: string): { fileName?: string } {
  const quoted = /filename="([^"]+)"/i.exec(disposition)?.[1] ?? /filename=([^;\s]+)/i.exec(disposition)?.[1];
  const encoded = /filename\*=(?:utf-8|iso-8859-1)''([^;\s]+)/i.exec(disposition)?.[1];
  const name = decoded(encoded ?? '') || quoted || decoded(new URL(url).pathname.split('/').at(-1) ?? '');
  const bare = name.split(/[/\\]/).at(-1)?.slice(0, 255) ?? '';
  return bare === '' ? {} : { fileName: bare };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
