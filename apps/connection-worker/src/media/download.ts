import { createAddressPolicy, createSafeAgent, safeStream } from '@flotilla/safe-fetch';
import type { IncomingFile } from '../events/file.ts';
import { decryptFile } from './decrypt.ts';

/** The media server has the file no longer, or not for us. */
export class FileGoneError extends Error {
  override readonly name = 'FileGoneError';
  readonly status: number;

  constructor(status: number) {
    super(`The media server answered with status ${status}`);
    this.status = status;
  }
}

/** The media server could not serve the file now. */
class FileUnavailableError extends Error {
  override readonly name = 'FileUnavailableError';
}

/** Where WhatsApp's media servers are, for files whose message names only a path. */
const whatsappHost = 'mmg.whatsapp.net';
const whatsappDomain = '.whatsapp.net';
const origin = 'https://web.whatsapp.com';

/** A download that gives nothing for so long has failed (ms). */
const silenceMs = 20_000;
/** How long a download may take in all: so much (ms), and so much more for its size (bytes per ms). */
const longestMs = 60_000;
const slowest = 20;
/** What is expected of a file whose size nobody has said (bytes). */
const unknownSize = 5_000_000;

/** Statuses after which asking again is in vain: 403 comes for links that have expired. */
const goneStatuses: ReadonlySet<number> = new Set([403, 404, 410]);

export type Downloads = ReturnType<typeof createDownloads>;

/**
 * Downloads files of messages. Whoever writes a message chooses the URL in it: only public addresses are dialled
 * (others as the policy allows), and of the real WhatsApp only its own servers, so that no sender learns from where the
 * files are fetched.
 * @param allowedCidrs internal networks that may be dialled all the same, comma separated
 */
export function createDownloads({ allowedCidrs, isWhatsApp }: { allowedCidrs: string; isWhatsApp: boolean }) {
  const cidrs = allowedCidrs.split(',').map((cidr) => cidr.trim());
  const dispatcher = createSafeAgent({ policy: createAddressPolicy(cidrs.filter(Boolean)) });

  function urlOf({ url, directPath }: IncomingFile): URL {
    const own = url ? new URL(url) : undefined;
    if (own?.protocol === 'https:' && (!isWhatsApp || own.hostname.endsWith(whatsappDomain))) return own;
    if (!directPath?.startsWith('/')) throw new FileGoneError(404);
    return new URL(directPath, `https://${whatsappHost}`);
  }

  return {
    /**
     * Opens a file. What is read is decrypted and checked, but only at its end known to be right.
     * @throws FileGoneError, FileUnavailableError, and while it is read FileMismatchError and errors of the connection
     */
    async open(file: IncomingFile, signal: AbortSignal): Promise<AsyncGenerator<Uint8Array>> {
      const headers = { origin, accept: '*/*', 'accept-encoding': 'identity' };
      const silence = watchSilence();
      const { status, body } = await safeStream(urlOf(file), {
        dispatcher,
        headers,
        timeoutMs: longestMs + Math.ceil((file.size || unknownSize) / slowest),
        signal: AbortSignal.any([signal, silence.signal]),
      }).catch((error: unknown) => {
        silence.end();
        throw error;
      });
      if (status === 200) return decryptFile(silence.during(body), file);
      silence.end();
      // Nothing has been read yet: the first step of the body lets it go.
      await body.next().catch(() => {});
      await body.return(undefined);
      throw goneStatuses.has(status) ? new FileGoneError(status) : new FileUnavailableError(`Status ${status}`);
    },
    /** Ends the connections. */
    close: () => void dispatcher.destroy().catch(() => {}),
  };
}

/** Aborts when nothing has come for a while. */
function watchSilence() {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(new FileUnavailableError('Nothing came any more')), silenceMs);
  return {
    signal: silent.signal,
    end: () => clearTimeout(timer),
    async *during(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      try {
        for await (const chunk of body) {
          timer.refresh();
          yield chunk;
        }
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
