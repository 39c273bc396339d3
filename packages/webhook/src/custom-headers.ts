import { type EndpointRecord, endpointHeaderContext } from '@flotilla/contracts';
import type { KeyRing } from '@flotilla/seal';

/** All names and values of an endpoint together may have so many characters. */
const mostCharacters = 8_192;

/** Names that HTTP, the connection or a delivery itself decides about. */
const reserved = new Set([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'via',
]);
const reservedBeginnings = ['webhook-', 'proxy-', 'sec-', 'x-flotilla-'];

/** Why an endpoint may not have these headers, naming the culprit but no value; undefined if it may. */
export function objectionToHeaders(headers: Readonly<Record<string, string>>): string | undefined {
  const seen = new Set<string>();
  let characters = 0;
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (reserved.has(lower) || reservedBeginnings.some((beginning) => lower.startsWith(beginning)))
      return `${name} is set by the delivery itself: choose another name`;
    if (seen.has(lower)) return `${name} is there twice: names are the same in upper and lower case`;
    seen.add(lower);
    characters += name.length + value.length;
  }
  return characters > mostCharacters
    ? `names and values have more than ${mostCharacters} characters together`
    : undefined;
}

/** The last four characters, if that leaves enough that is not shown. */
const shownOf = (value: string) => `…${value.length >= 12 ? value.slice(-4) : ''}`;

/** Headers as they are stored. */
export const sealHeaders = (
  endpoint: string,
  headers: Readonly<Record<string, string>>,
  keyRing: KeyRing,
): EndpointRecord['headers'] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      { sealed: keyRing.seal(value, endpointHeaderContext(endpoint, name)).toString('base64'), shown: shownOf(value) },
    ]),
  );

/** Headers as they are sent. Throws what the key ring throws. */
export const openHeaders = ({ id, headers }: Pick<EndpointRecord, 'id' | 'headers'>, keyRing: KeyRing) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, { sealed }]) => [
      name,
      keyRing.open(Buffer.from(sealed, 'base64'), endpointHeaderContext(id, name)).toString('utf8'),
    ]),
  );
