export { type DecodedFile, decodeBase64 } from './base64.ts';
export {
  type ConversionSettings,
  conversionSettings,
  type MediaSettings,
  mediaSettings,
  openConverter,
  openMedia,
} from './config.ts';
export type { Converter, Film, Picture, Sticker, VoiceNote } from './convert/converter.ts';
export type { FetchedFile } from './download.ts';
export { MediaError, type MediaErrorCode } from './errors.ts';
export { createLinkToken, type LinkedMedia, readLinkToken, toldLinkMs } from './link.ts';
export type { FileDetails, Media, MediaLimits, PutDetails } from './media.ts';
export type { ByteRange } from './object-store.ts';
export { type MediaRecord, mediaView } from './record.ts';
export { type SweeperOptions, startSweeper } from './sweeper.ts';
