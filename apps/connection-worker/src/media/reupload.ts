import { decryptMediaRetryData, encryptMediaRetryRequest, proto, type WASocket } from '@whiskeysockets/baileys';
import type { PendingFile } from './pending-files.ts';

/** Where a file is after the phone has uploaded it once more; or why it is not. */
export type Reupload = { directPath: string } | 'not-found' | 'no-answer';

/** How long the phone may take to upload a file again (ms). It may be offline. */
const answerMs = 60_000;
const { ResultType } = proto.MediaRetryNotification;

/**
 * Asks the phone to upload a file of a message again that WhatsApp keeps no longer. The answer comes as a notification
 * that is encrypted with the file's key.
 */
export async function requestReupload(
  sock: Pick<WASocket, 'ev' | 'sendNode' | 'user'>,
  pending: PendingFile,
  signal: AbortSignal,
): Promise<Reupload> {
  const { id, chat, fromMe, sender, file } = pending;
  const { mediaKey } = file;
  if (!mediaKey || !sock.user) return 'not-found';
  const key = { id, remoteJid: chat, fromMe, ...(sender === chat ? {} : { participant: sender }) };
  const { promise, resolve } = Promise.withResolvers<Reupload>();
  const onUpdate: Parameters<typeof sock.ev.on<'messages.media-update'>>[1] = (updates) => {
    const update = updates.find((each) => each.key.id === id);
    if (update) resolve(answerOf(update, mediaKey));
  };
  const giveUp = () => resolve('no-answer');
  const timer = setTimeout(giveUp, answerMs);
  sock.ev.on('messages.media-update', onUpdate);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await sock.sendNode(encryptMediaRetryRequest(key, mediaKey, sock.user.id));
    return await promise;
  } catch {
    return 'no-answer';
  } finally {
    clearTimeout(timer);
    sock.ev.off('messages.media-update', onUpdate);
    signal.removeEventListener('abort', giveUp);
  }
}

function answerOf(
  {
    key,
    media,
    error,
  }: {
    key: { id?: string | null };
    media?: { ciphertext: Uint8Array; iv: Uint8Array };
    error?: { output?: { statusCode: number } };
  },
  mediaKey: Uint8Array,
): Reupload {
  if (!media) return error?.output?.statusCode === 404 ? 'not-found' : 'no-answer';
  try {
    const { result, directPath } = decryptMediaRetryData(media, mediaKey, key.id ?? '');
    if (result === ResultType.SUCCESS && directPath) return { directPath };
    return result === ResultType.NOT_FOUND ? 'not-found' : 'no-answer';
  } catch {
    return 'no-answer';
  }
}
