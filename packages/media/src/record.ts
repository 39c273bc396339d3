import type { Media as MediaView } from '@flotilla/contracts';

/** A stored file, as the JSON beside it says. */
export interface MediaRecord {
  id: string;
  tenant: string;
  /** The instance that received it, if one did. */
  instance?: string;
  mimeType: string;
  fileName?: string;
  /** Bytes. */
  size: number;
  /** As hex. */
  sha256: string;
  /** Unix ms. */
  createdAt: number;
  /** Unix ms; absent if it is kept until it is deleted. */
  expiresAt?: number;
  /** Key of the content in the object store. Another one each time that the file is replaced. */
  data: string;
}

const tenantPattern = /^ten_[0-9a-z]{1,40}$/;
const idPattern = /^med_[0-9a-z]{20}$/;

/** Whether a text can be the id of a file. */
export const isMediaId = (text: string) => idPattern.test(text);

/** Folder of all of a tenant's files, with the slash. */
export function tenantFolder(tenant: string): string {
  if (!tenantPattern.test(tenant)) throw new TypeError('Not the id of a tenant');
  return `${tenant}/`;
}

/** Files of a tenant are spread over 1,024 folders, so that none gets too long to read. */
function mediaKey(tenant: string, id: string): string {
  if (!isMediaId(id)) throw new TypeError('Not the id of a file');
  return `${tenantFolder(tenant)}${id.slice(4, 6)}/${id}`;
}

/** Key of the record. It is written last and removed first: a file exists when its record does. */
export const recordKey = (tenant: string, id: string) => `${mediaKey(tenant, id)}.json`;

/** Key for the content of a file; behind its record in no order of keys. */
export const dataKey = (tenant: string, id: string, nonce: string) => `${mediaKey(tenant, id)}.d${nonce}`;

/** Key for content whose id is not known before its end. */
export const incomingKey = (tenant: string, nonce: string) => `${tenantFolder(tenant)}incoming/${nonce}`;

/** A record as the API shows it. */
export function mediaView({ tenant: _, data: __, ...view }: MediaRecord): MediaView {
  return view;
}
