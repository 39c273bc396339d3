import type { KeyRing } from '@flotilla/seal';

/** What a link stands for. */
export interface LinkedMedia {
  tenant: string;
  id: string;
  /** Unix ms. */
  expiresAt: number;
}

const purpose = 'link to a file';

/** The last part of a link's path: what it stands for, and a signature. Good for as long as the key ring has its key. */
export function createLinkToken(keyRing: Pick<KeyRing, 'sign'>, { tenant, id, expiresAt }: LinkedMedia): string {
  const text = `${tenant}.${id}.${expiresAt.toString(36)}`;
  return `${text}.${keyRing.sign(text, purpose).toString('base64url')}`;
}

/** What a link stands for; undefined if we have not signed it, or it has expired. */
export function readLinkToken(keyRing: Pick<KeyRing, 'isSigned'>, token: string): LinkedMedia | undefined {
  const [, text = '', tenant = '', id = '', expiry = '', signature = ''] =
    /^((ten_\w+)\.(med_\w+)\.([0-9a-z]{1,11}))\.([\w-]{43})$/.exec(token) ?? [];
  if (!keyRing.isSigned(text, Buffer.from(signature, 'base64url'), purpose)) return undefined;
  const expiresAt = Number.parseInt(expiry, 36);
  return expiresAt > Date.now() ? { tenant, id, expiresAt } : undefined;
}
