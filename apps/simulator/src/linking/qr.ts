/** What a QR code tells the phone that scans it. */
export interface Qr {
  ref: string;
  noiseKey: Buffer;
  identity: Buffer;
  advSecret: Buffer;
}

/**
 * Parses `[https://wa.me/settings/linked_devices#]ref,noise key,identity key,secret[,platform]` (base64 fields; older
 * clients leave the URL and the platform out). Undefined if it is something else.
 */
export function parseQr(text: string): Qr | undefined {
  const hash = text.indexOf('#');
  const [ref, noiseKey, identity, advSecret] = (hash < 0 ? text : text.slice(hash + 1)).trim().split(',');
  if (!ref || !noiseKey || !identity || !advSecret) return undefined;
  return {
    ref,
    noiseKey: Buffer.from(noiseKey, 'base64'),
    identity: Buffer.from(identity, 'base64'),
    advSecret: Buffer.from(advSecret, 'base64'),
  };
}
