import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { collectBuffers } from './collect-buffers.ts';
import { encryptFile } from './encrypt-file.ts';
import type { SendContext } from './handler.ts';
import type { LocalFile } from './media-file.ts';

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
/** Smaller files leave too little behind to be collected early (bytes). */
const largeBytes = 8_388_608;
const collectEveryMs = 100;

/**
 * Encrypts a file and uploads it to WhatsApp's media servers. Neither holds it in memory. The file itself is gone then.
 * @throws when WhatsApp does not take it, or the connection is lost: then it may be tried again
 */
export async function upload(
  context: SendContext,
  kind: UploadKind,
  { path, beside }: Pick<LocalFile, 'path' | 'beside'>,
): Promise<UploadedFile> {
  const { sock, signal } = context;
  const target = beside(`${randomUUID()}.encrypted`);
  const encrypted = await encryptFile(path, target, kind, signal);
  // The plaintext is not needed any more, and its folder may be in memory.
  await rm(path, { force: true });
  // What Baileys reads for the upload is thrown away piece by piece.
  const collecting = encrypted.fileLength > largeBytes ? setInterval(collectBuffers, collectEveryMs) : undefined;
  const uploading = sock.waUploadToServer(target, {
    mediaType: kind,
    fileEncSha256B64: encrypted.fileEncSha256.toString('base64'),
    timeoutMs: silenceMs,
  });
  const { mediaUrl, directPath } = await untilAborted(signal, uploading).finally(() => clearInterval(collecting));
  return { ...encrypted, url: mediaUrl, directPath, mediaKeyTimestamp: Math.floor(Date.now() / 1_000) };
}

/** What a promise gives, unless the signal comes first. */
async function untilAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
