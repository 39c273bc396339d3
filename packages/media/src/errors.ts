/** Codes of the API's errors that this package throws; the gateway turns them into answers. */
export type MediaErrorCode =
  | 'MEDIA_TOO_LARGE'
  | 'MEDIA_QUOTA_EXCEEDED'
  | 'MEDIA_SOURCE_FAILED'
  | 'MEDIA_UNSUPPORTED'
  | 'MEDIA_CONVERTER_UNAVAILABLE'
  | 'MEDIA_STORE_UNAVAILABLE';

/**
 * Why a file was not stored, fetched or converted.
 *
 * - `MEDIA_TOO_LARGE`: larger than a single file may be; `detail` is the limit in bytes
 * - `MEDIA_QUOTA_EXCEEDED`: the tenant's storage is full; `detail` is its size in bytes
 * - `MEDIA_SOURCE_FAILED`: the URL gave nothing usable; `detail` ends a sentence about the URL
 * - `MEDIA_UNSUPPORTED`: no converter can read it; `detail` ends a sentence about the file
 * - `MEDIA_CONVERTER_UNAVAILABLE`: there is no ffmpeg where `FFMPEG_PATH` says; `detail` is a sentence
 * - `MEDIA_STORE_UNAVAILABLE`: directory or S3 cannot be used now; trying again later may succeed
 */
export class MediaError extends Error {
  override readonly name = 'MediaError';
  readonly code: MediaErrorCode;
  readonly detail: string;

  constructor(code: MediaErrorCode, detail: string | number, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.code = code;
    this.detail = String(detail);
  }
}
