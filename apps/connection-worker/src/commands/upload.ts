import { unlink } from 'node:fs/promises';
import { encryptedStream } from '@whiskeysockets/baileys';
import { silentLogger } from '../connection/silent-logger.ts';
import type { SendContext } from './handler.ts';

/** What a message says of its file, whatever kind it is. */
export interface UploadedFile {
  url: string;
  directPath: string;
  mediaKey: Uint8Array;
  fileSha256: Uint8Array;
  fileEncSha256: Uint8Array;
  fileLength: number;
  /** Unix seconds. */
  mediaKeyTimestamp: number;
}

/** What keys are derived for, and where WhatsApp keeps it. */
export type UploadKind = 'image' | 'video' | 'audio' | 'document' | 'sticker';

/** A server that takes or says nothing for so long has gone (ms). */
const silenceMs = 30_000;

/**
 * Encrypts a file and uploads it to WhatsApp's media servers. Neither holds it in memory.
 * @throws when WhatsApp does not take it, or the connection is lost: then it may be tried again
 */
export async function upload(context: SendContext, kind: UploadKind, path: string): Promise<UploadedFile> {
  const { sock, signal } = context;
  signal.throwIfAborted();
  const encrypted = await encryptedStream({ url: path }, kind, { logger: silentLogger });
  const { encFilePath, fileSha256, fileEncSha256, fileLength, mediaKey } = encrypted;
  try {
    const { mediaUrl, directPath } = await untilAborted(
      signal,
      sock.waUploadToServer(encFilePath, {
        mediaType: kind,
        fileEncSha256B64: fileEncSha256.toString('base64'),
        timeoutMs: silenceMs,
      }),
    );
    const mediaKeyTimestamp = Math.floor(Date.now() / 1_000);
    return { url: mediaUrl, directPath, mediaKey, fileSha256, fileEncSha256, fileLength, mediaKeyTimestamp };
  } finally {
    await unlink(encFilePath).catch(() => {});
  }
}

/** What a promise gives, unless the signal comes first. */
async function untilAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
