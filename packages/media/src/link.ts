/** Signs links: a key ring. */
interface Signer {
  sign(text: string, purpose: string): Buffer;
}
interface Verifier {
  isSigned(text: string, signature: Buffer, purpose: string): boolean;
}

/** What a link stands for. */
export interface LinkedMedia {
  tenant: string;
  id: string;
  /** Unix ms. */
  expiresAt: number;
}

const purpose = 'link to a file';

/** How long a link lives that is told with a message, often before its file is stored (ms). */
export const toldLinkMs = 7 * 86_400_000;

/** The last part of a link's path: what it stands for, and a signature. Good for as long as the key ring has its key. */
export function createLinkToken(keyRing: Signer, { tenant, id, expiresAt }: LinkedMedia): string {
  const text = `${tenant}.${id}.${expiresAt.toString(36)}`;
  return `${text}.${keyRing.sign(text, purpose).toString('base64url')}`;
}

/** What a link stands for; undefined if we have not signed it, or it has expired. */
export function readLinkToken(keyRing: Verifier, token: string): LinkedMedia | undefined {
  const [, text = '', tenant = '', id = '', expiry = '', signature = ''] =
    /^((ten_\w+)\.(med_\w+)\.([0-9a-z]{1,11}))\.([\w-]{43})$/.exec(token) ?? [];
  if (!keyRing.isSigned(text, Buffer.from(signature, 'base64url'), purpose)) return undefined;
  const expiresAt = Number.parseInt(expiry, 36);
  return expiresAt > Date.now() ? { tenant, id, expiresAt } : undefined;
}
