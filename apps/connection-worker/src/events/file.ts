import type { MediaDescriptor } from '@flotilla/contracts';
import type { MediaType, proto } from '@whiskeysockets/baileys';

/** The file of a message as WhatsApp's media servers have it, and how to decrypt it. */
export interface IncomingFile {
  /** What keys are derived for. */
  type: MediaType;
  url?: string;
  directPath?: string;
  /** None: the file is not encrypted (newsletters). */
  mediaKey?: Uint8Array;
  fileSha256?: Uint8Array;
  fileEncSha256?: Uint8Array;
  /** Bytes of the plaintext, as the sender says. */
  size?: number;
  mimeType?: string;
  fileName?: string;
}

/** A file, and what the sender says about it. */
export interface FileView {
  file: IncomingFile;
  about: Omit<MediaDescriptor, 'status' | 'id' | 'error'>;
}

type Media = proto.Message.IImageMessage &
  proto.Message.IVideoMessage &
  proto.Message.IAudioMessage &
  proto.Message.IDocumentMessage &
  proto.Message.IStickerMessage;

/** Reads the fields that all kinds of files share, and those that some have. */
export function fileView(type: MediaType, media: Media): FileView {
  const size = media.fileLength === null || media.fileLength === undefined ? undefined : Number(media.fileLength);
  const some = <T>(value: T | null | undefined) => value || undefined;
  const bytes = (value: Uint8Array | null | undefined) => (value?.length ? value : undefined);
  const fileSha256 = bytes(media.fileSha256);
  return {
    file: {
      type,
      url: some(media.url),
      directPath: some(media.directPath),
      mediaKey: bytes(media.mediaKey),
      fileSha256,
      fileEncSha256: bytes(media.fileEncSha256),
      size,
      mimeType: some(media.mimetype),
      fileName: some(media.fileName ?? media.title),
    },
    about: {
      mimeType: some(media.mimetype),
      fileName: some(media.fileName ?? media.title),
      size,
      sha256: fileSha256 && Buffer.from(fileSha256).toString('hex'),
      seconds: some(media.seconds),
      width: some(media.width),
      height: some(media.height),
      animated: media.isAnimated || media.isLottie || undefined,
      gif: media.gifPlayback || undefined,
      waveform: media.waveform?.length ? Array.from(media.waveform, (height) => Math.min(height, 100)) : undefined,
    },
  };
}
