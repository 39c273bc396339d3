import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';

/** Bytes of a MAC that are kept. */
const macLength = 10;

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

/** What a message has to say about encrypted media. */
interface AnnouncedMedia {
  mediaKey: Buffer;
  fileSha256: Buffer;
  fileEncSha256: Buffer;
  fileLength: number;
}

/** Encrypted media as they come. */
export interface EncryptedMedia {
  /** Ciphertext and the first 10 bytes of its MAC: what the media servers keep. */
  blob: AsyncIterable<Buffer>;
  /** Known when the blob has been read to its end. */
  announced: () => AnnouncedMedia;
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
export function encryptMedia(kind: MediaKind, plaintext: Iterable<Uint8Array>): EncryptedMedia {
  const mediaKey = randomBytes(32);
  const { iv, cipherKey, macKey } = keysOf(kind, mediaKey);
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const mac = createHmac('sha256', macKey).update(iv);
  const plainHash = createHash('sha256');
  const hash = createHash('sha256');
  let fileLength = 0;
  async function* blob() {
    for (const part of plaintext) {
      plainHash.update(part);
      fileLength += part.length;
      const encrypted = cipher.update(part);
      mac.update(encrypted);
      hash.update(encrypted);
      yield encrypted;
    }
    const last = cipher.final();
    const tail = Buffer.concat([last, mac.update(last).digest().subarray(0, macLength)]);
    hash.update(tail);
    yield tail;
  }
  return {
    blob: blob(),
    announced: () => ({ mediaKey, fileSha256: plainHash.digest(), fileEncSha256: hash.digest(), fileLength }),
  };
}

/**
 * Decrypts a blob as it comes. Whether it was genuine is known at the end: then this throws {@link MediaError} if a hash,
 * the MAC or the length is not what was announced.
 */
export async function* decryptMedia(media: MediaReference, blob: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  if (media.mediaKey.length !== 32) throw new MediaError('no media key of 32 bytes');
  const { iv, cipherKey, macKey } = keysOf(media.kind, media.mediaKey);
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  const mac = createHmac('sha256', macKey).update(iv);
  const plainHash = createHash('sha256');
  const hash = createHash('sha256');
  let size = 0;
  // The MAC is at the end, wherever that is.
  let held = Buffer.alloc(0);
  for await (const part of blob) {
    hash.update(part);
    const bytes = Buffer.concat([held, part]);
    const ciphertext = bytes.subarray(0, Math.max(0, bytes.length - macLength));
    held = bytes.subarray(ciphertext.length);
    mac.update(ciphertext);
    const plaintext = decipher.update(ciphertext);
    plainHash.update(plaintext);
    size += plaintext.length;
    yield plaintext;
  }
  if (!hash.digest().equals(media.fileEncSha256)) throw new MediaError('hash of the encrypted file differs');
  if (!mac.digest().subarray(0, macLength).equals(held)) throw new MediaError('MAC differs');
  const last = decipher.final();
  if (!plainHash.update(last).digest().equals(media.fileSha256)) throw new MediaError('hash of the file differs');
  size += last.length;
  if (size !== media.size) throw new MediaError(`${size} bytes instead of ${media.size}`);
  yield last;
}

function keysOf(kind: MediaKind, mediaKey: Buffer): { iv: Buffer; cipherKey: Buffer; macKey: Buffer } {
  const expanded = Buffer.from(hkdfSync('sha256', mediaKey, Buffer.alloc(32), keyNames[kind], 112));
  return { iv: expanded.subarray(0, 16), cipherKey: expanded.subarray(16, 48), macKey: expanded.subarray(48, 80) };
}
