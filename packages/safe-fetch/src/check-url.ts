import { isIP } from 'node:net';
import type { AddressPolicy } from './policy.ts';
import { isHttpPort } from './port.ts';
import { isLocalName } from './resolve.ts';

export interface UrlPolicy {
  addresses: AddressPolicy;
  /** Refuse plain http. */
  requireHttps?: boolean;
}

/**
 * Checks a URL as far as its text allows, so that whoever enters it hears at once what is wrong. What a name resolves
 * to is checked again each time it is dialled.
 * @returns why it is refused and what to do, or undefined if nothing speaks against it
 */
export function checkUrl(text: string, { addresses, requireHttps = false }: UrlPolicy): string | undefined {
  if (!URL.canParse(text)) return 'is not a URL: write it as https://host/path';
  // The parser turns every spelling of an IPv4 address (decimal, octal, hexadecimal, short) into the usual one.
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return `must begin with https://, not with ${url.protocol}//`;
  if (requireHttps && url.protocol === 'http:') return 'must begin with https://: plain http is not allowed here';
  if (url.username || url.password) return 'must not contain a user name or password';
  if (url.hash) return 'must not contain a fragment (#…)';
  if (!isHttpPort(url.port))
    return `must not use port ${url.port}, which is not one of HTTP: use 443, or one above 1023`;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isInside = isIP(host) ? !addresses.allows(host) : isLocalName(host) && !addresses.allows('127.0.0.1');
  return isInside ? 'points inside the network: use an address that the internet can reach' : undefined;
}
