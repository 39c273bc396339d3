import { isIP } from 'node:net';
import { type AddressPolicy, checkUrl, createAddressPolicy } from '@flotilla/safe-fetch';

const publicOnly = createAddressPolicy();

/** Whether a host can only be one that the operator has allowed: an internal address, or a name without a domain. */
function isAllowedInside(host: string, addresses: AddressPolicy, allowsInside: boolean): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare)) return addresses.allows(bare) && !publicOnly.allows(bare);
  return allowsInside && (!bare.includes('.') || /\.(internal|local|localhost)\.?$/.test(bare));
}

/**
 * What a tenant may enter as the URL of a webhook. Where the fleet is deployed it must be https, but for hosts inside
 * networks that the operator has allowed: there nobody listens who must not.
 * @param allowsInside whether the operator has allowed any network
 * @returns a function that says why a URL is refused, as the end of a sentence; undefined if nothing speaks against it
 */
export function createWebhookUrlCheck({
  addresses,
  allowsInside,
  isProduction,
}: {
  addresses: AddressPolicy;
  allowsInside: boolean;
  isProduction: boolean;
}) {
  return (url: string): string | undefined => {
    const host = URL.canParse(url) ? new URL(url).hostname : '';
    return checkUrl(url, { addresses, requireHttps: isProduction && !isAllowedInside(host, addresses, allowsInside) });
  };
}
