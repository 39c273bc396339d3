import { randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { now } from '../device.ts';
import type { Author } from './author.ts';
import { encryptMedia, type MediaKind } from './media.ts';
import type { ContentOf } from './outgoing-content.ts';

type MediaContent = ContentOf<'image' | 'video' | 'audio' | 'document' | 'sticker'>;
type File = Pick<MediaContent, 'bytes' | 'size' | 'mimetype' | 'thumbnail'>;

const defaultSize = 1_000;
const piece = 64 * 1024;
const mimetypes = {
  image: 'image/jpeg',
  video: 'video/mp4',
  audio: 'audio/mp4',
  voice: 'audio/ogg; codecs=opus',
  document: 'application/pdf',
  sticker: 'image/webp',
};

/** Media as a phone sends it: encrypted, stored, and announced with all its hashes. */
export async function composeMedia(content: MediaContent, author: Author): Promise<proto.IMessage> {
  switch (content.kind) {
    case 'image': {
      const { caption, width, height } = content;
      const imageMessage = { ...(await upload('image', content, mimetypes.image, author)), caption, width, height };
      return { imageMessage, ...association(content.album, author) };
    }
    case 'video': {
      const { caption, width, height, seconds, gif: gifPlayback, note } = content;
      const file = await upload('video', content, mimetypes.video, author);
      const video = { ...file, caption, width, height, seconds, gifPlayback };
      return note ? { ptvMessage: video } : { videoMessage: video, ...association(content.album, author) };
    }
    case 'audio': {
      const { seconds, voice, waveform } = content;
      const file = await upload('audio', content, voice ? mimetypes.voice : mimetypes.audio, author);
      return { audioMessage: { ...file, seconds, ptt: voice, waveform: waveform && Buffer.from(waveform) } };
    }
    case 'document': {
      const { caption, fileName = 'document.pdf' } = content;
      const file = await upload('document', content, mimetypes.document, author);
      return { documentMessage: { ...file, fileName, title: fileName, caption } };
    }
    case 'sticker': {
      const { width = 512, height = 512, animated: isAnimated } = content;
      const { jpegThumbnail: pngThumbnail, ...file } = await upload('image', content, mimetypes.sticker, author);
      return { stickerMessage: { ...file, pngThumbnail, width, height, isAnimated } };
    }
  }
}

/** Encrypts and stores a file. Returns the fields that all media messages share. */
export async function upload(kind: MediaKind, file: File, mimetype: string, { store }: Author) {
  const plaintext = file.bytes ? [Buffer.from(file.bytes, 'base64')] : random(file.size ?? defaultSize);
  const { blob, announced } = encryptMedia(kind, plaintext);
  const { url, directPath } = await store.put(blob, { kind });
  return {
    ...announced(),
    url,
    directPath,
    mimetype: file.mimetype ?? mimetype,
    mediaKeyTimestamp: now(),
    ...(file.thumbnail && { jpegThumbnail: Buffer.from(file.thumbnail, 'base64') }),
  };
}

/** So many random bytes, a piece at a time. */
function* random(size: number): Generator<Buffer> {
  for (let left = size; left > 0; left -= piece) yield randomBytes(Math.min(left, piece));
}

/** Names the album that a picture belongs to. */
function association(album: string | undefined, { find, keyOf }: Author): proto.IMessage {
  if (!album) return {};
  const { MEDIA_ALBUM } = proto.MessageAssociation.AssociationType;
  const messageAssociation = { associationType: MEDIA_ALBUM, parentMessageKey: keyOf(find(album)) };
  return { messageContextInfo: { messageAssociation } };
}
