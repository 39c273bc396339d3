export { type DecodedFile, decodeBase64 } from './base64.ts';
export { type MediaSettings, mediaSettings, openMedia } from './config.ts';
export type { FetchedFile } from './download.ts';
export { MediaError, type MediaErrorCode } from './errors.ts';
export type { FileDetails, Media, MediaLimits, PutDetails } from './media.ts';
export type { ByteRange } from './object-store.ts';
export { type MediaRecord, mediaView } from './record.ts';
