import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';

/** Kinds of media, as the derivation of their keys names them. Stickers are images, video notes are videos. */
export type MediaKind = 'image' | 'video' | 'audio' | 'document';

const keyNames: Record<MediaKind, string> = {
  image: 'WhatsApp Image Keys',
  video: 'WhatsApp Video Keys',
  audio: 'WhatsApp Audio Keys',
  document: 'WhatsApp Document Keys',
};

/** What a message says about its media. */
export interface MediaReference {
  kind: MediaKind;
  /** Path of the encrypted blob, or its URL. */
  path: string;
  mediaKey: Buffer;
  fileSha256: Buffer;
  fileEncSha256: Buffer;
  mimetype: string | undefined;
  fileName: string | undefined;
  /** Bytes of the plaintext. */
  size: number;
  seconds: number | undefined;
  waveform: number[] | undefined;
  ptt: boolean;
  ptv: boolean;
  gifPlayback: boolean;
  animated: boolean;
  width: number | undefined;
  height: number | undefined;
  thumbnail: boolean;
}

/** Encrypted media and what a message has to say about it. */
export interface EncryptedMedia {
  /** Ciphertext and the first 10 bytes of its MAC: what the media servers keep. */
  blob: Buffer;
  mediaKey: Buffer;
  fileSha256: Buffer;
  fileEncSha256: Buffer;
  fileLength: number;
}

/** The downloaded bytes are not what the message says. */
export class MediaError extends Error {}

type AnyMedia = proto.Message.IImageMessage &
  proto.Message.IVideoMessage &
  proto.Message.IAudioMessage &
  proto.Message.IDocumentMessage &
  proto.Message.IStickerMessage;

/** The media of an unwrapped message, also if it is the header of something else. */
export function mediaIn(inner: proto.IMessage): MediaReference | undefined {
  const template = inner.templateMessage?.hydratedTemplate ?? inner.templateMessage?.hydratedFourRowTemplate;
  const holder = [inner, inner.buttonsMessage, template, inner.interactiveMessage?.header].find(
    (each) => each?.imageMessage ?? each?.videoMessage ?? each?.documentMessage,
  );
  const image = holder?.imageMessage ?? inner.stickerMessage ?? inner.productMessage?.product?.productImage;
  if (image) return reference('image', image);
  const video = holder?.videoMessage ?? inner.ptvMessage;
  if (video) return { ...reference('video', video), ptv: Boolean(inner.ptvMessage) };
  if (holder?.documentMessage) return reference('document', holder.documentMessage);
  return inner.audioMessage ? reference('audio', inner.audioMessage) : undefined;
}

function reference(kind: MediaKind, media: AnyMedia): MediaReference {
  return {
    kind,
    path: media.directPath ?? media.url ?? '',
    mediaKey: Buffer.from(media.mediaKey ?? []),
    fileSha256: Buffer.from(media.fileSha256 ?? []),
    fileEncSha256: Buffer.from(media.fileEncSha256 ?? []),
    mimetype: media.mimetype ?? undefined,
    fileName: media.fileName ?? undefined,
    size: Number(media.fileLength ?? 0),
    seconds: media.seconds ?? undefined,
    waveform: media.waveform ? [...media.waveform] : undefined,
    ptt: media.ptt ?? false,
    ptv: false,
    gifPlayback: media.gifPlayback ?? false,
    animated: media.isAnimated ?? false,
    width: media.width ?? undefined,
    height: media.height ?? undefined,
    thumbnail: (media.jpegThumbnail?.length ?? media.pngThumbnail?.length ?? 0) > 0,
  };
}

/** Encrypts media as clients do: AES-256-CBC, then a MAC over IV and ciphertext; all keys from one media key. */
export function encryptMedia(kind: MediaKind, plaintext: Uint8Array): EncryptedMedia {
  const mediaKey = randomBytes(32);
  const { iv, cipherKey, macKey } = keysOf(kind, mediaKey);
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const blob = Buffer.concat([ciphertext, macOf(macKey, iv, ciphertext)]);
  return {
    blob,
    mediaKey,
    fileSha256: sha256(plaintext),
    fileEncSha256: sha256(blob),
    fileLength: plaintext.length,
  };
}

/** Checks and decrypts a blob. Throws {@link MediaError} if a hash, the MAC or the length is not what was announced. */
export function decryptMedia(media: MediaReference, blob: Uint8Array): Buffer {
  if (media.mediaKey.length !== 32) throw new MediaError('no media key of 32 bytes');
  if (!sha256(blob).equals(media.fileEncSha256)) throw new MediaError('hash of the encrypted file differs');
  const { iv, cipherKey, macKey } = keysOf(media.kind, media.mediaKey);
  const ciphertext = blob.subarray(0, -10);
  if (!macOf(macKey, iv, ciphertext).equals(blob.subarray(-10))) throw new MediaError('MAC differs');
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  const plaintext = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  if (!sha256(plaintext).equals(media.fileSha256)) throw new MediaError('hash of the file differs');
  if (plaintext.length !== media.size) throw new MediaError(`${plaintext.length} bytes instead of ${media.size}`);
  return plaintext;
}

function keysOf(kind: MediaKind, mediaKey: Buffer): { iv: Buffer; cipherKey: Buffer; macKey: Buffer } {
  const expanded = Buffer.from(hkdfSync('sha256', mediaKey, Buffer.alloc(32), keyNames[kind], 112));
  return { iv: expanded.subarray(0, 16), cipherKey: expanded.subarray(16, 48), macKey: expanded.subarray(48, 80) };
}

function macOf(macKey: Buffer, iv: Buffer, ciphertext: Uint8Array): Buffer {
  return createHmac('sha256', macKey).update(iv).update(ciphertext).digest().subarray(0, 10);
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
