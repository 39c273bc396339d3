import type { MediaRecord } from '@flotilla/media';

/** Types that a browser shows without running anything in them. */
const shown = /^(image\/(jpeg|png|gif|webp|avif|heic)|audio\/[\w.+-]+|video\/[\w.+-]+|application\/pdf)$/;
const validType = /^[\w.+-]+\/[\w.+-]+(\s*;\s*[\w.+-]+=("[\w .+,-]*"|[\w.+,-]+))*$/;

/** The type of a file as it may stand in a header. */
export const contentType = ({ mimeType }: Pick<MediaRecord, 'mimeType'>) =>
  validType.test(mimeType) ? mimeType : 'application/octet-stream';

/** How a file is called when it is saved, and whether a browser may show it (RFC 6266). */
export function contentDisposition({ id, mimeType, fileName }: Pick<MediaRecord, 'id' | 'mimeType' | 'fileName'>) {
  const essence = mimeType.split(';')[0]?.trim().toLowerCase() ?? '';
  const manner = shown.test(essence) ? 'inline' : 'attachment';
  const name = (fileName ?? id).replace(/[\p{Cc}/\\]/gu, '_');
  const plain = name.replace(/[^\x20-\x7e]|["%]/g, '_');
  if (plain === name) return `${manner}; filename="${plain}"`;
  const encoded = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `${manner}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** Headers with which a file is answered. What a stranger has sent must not run in a browser. */
export const mediaHeaders = (record: MediaRecord) => ({
  'content-type': contentType(record),
  'content-disposition': contentDisposition(record),
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'accept-ranges': 'bytes',
  'cache-control': 'private, no-cache',
  etag: `"${record.sha256}"`,
  'last-modified': new Date(record.createdAt).toUTCString(),
});
