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
export class FileUnavailableError extends Error {
  override readonly name = 'FileUnavailableError';
}

/** Where WhatsApp's media servers are, for files whose message names only a path. */
const whatsappHost = 'mmg.whatsapp.net';
const whatsappDomain = '.whatsapp.net';
const origin = 'https://web.whatsapp.com';

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
    async open(
      file: IncomingFile,
      { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
    ): Promise<AsyncGenerator<Uint8Array>> {
      const headers = { origin, accept: '*/*', 'accept-encoding': 'identity' };
      const { status, body } = await safeStream(urlOf(file), { dispatcher, headers, timeoutMs, signal });
      if (status === 200) return decryptFile(body, file);
      // Nothing has been read yet: the first step of the body lets it go.
      await body.next().catch(() => {});
      await body.return(undefined);
      throw goneStatuses.has(status) ? new FileGoneError(status) : new FileUnavailableError(`Status ${status}`);
    },
    /** Ends the connections. */
    close: () => void dispatcher.destroy().catch(() => {}),
  };
}
