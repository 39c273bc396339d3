import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What may be dialled. */
export interface AddressPolicy {
  /** Whether this address may be dialled. @param address as a resolver or a URL gives it; zone ids are ignored */
  allows(address: string): boolean;
  /** Whether an allow list names networks that are not public: then names that only this machine knows may matter. */
  readonly reachesInside: boolean;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/** All that IANA has given out for global unicast in IPv6; what lies outside, such as ::127.0.0.1 as ::7f00:1, is obsolete or unused. */
const globalUnicast: Range = [ipaddr.IPv6.parse('2000::'), 3];
/** IPv4 addresses in IPv6 clothes: a.b.c.d as ::ffff:a.b.c.d. */
const mapped: Range = [ipaddr.IPv6.parse('::ffff:0:0'), 96];
/** The well-known prefix by which NAT64 reaches IPv4 (RFC 6052). */
const nat64: Range = [ipaddr.IPv6.parse('64:ff9b::'), 96];

/**
 * Only addresses that the public internet routes to, plus those of an allow list.
 * @param allowCidrs ranges that are allowed although they are not public, such as `10.1.0.0/16`. `64:ff9b::/96` stands for
 *   the NAT64 of an IPv6-only network: behind it IPv4 addresses are judged as everywhere
 * @throws RangeError that names the text which is no CIDR
 */
export function createAddressPolicy(allowCidrs: readonly string[] = []): AddressPolicy {
  const allowed = allowCidrs.map(parseRange);
  const permits = (address: Address): boolean => {
    if (isPublic(address)) return true;
    if (!allowed.some((range) => matches(address, range))) return false;
    return !matches(address, nat64) || permits(lastFourBytes(address));
  };
  return {
    reachesInside: allowed.length > 0,
    allows(text) {
      const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
      // Strictly: what else `ipaddr.js` reads, such as 0177.1, nobody who dials reads the same way. It takes the obsolete
      // ::1.2.3.4 for ::ffff:1.2.3.4, which is another address.
      if (!isIP(bare) || /^::\d+\./.test(bare)) return false;
      const address = ipaddr.parse(bare);
      return permits(matches(address, mapped) ? lastFourBytes(address) : address);
    },
  };
}

/** Every other range (private, loopback, link-local, CGNAT, NAT64, 6to4, Teredo, reserved…) leads inside or nowhere. */
const isPublic = (address: Address) =>
  address.range() === 'unicast' && (address.kind() === 'ipv4' || matches(address, globalUnicast));

const lastFourBytes = (address: Address) => ipaddr.fromByteArray(address.toByteArray().slice(-4));

function parseRange(cidr: string): Range {
  let range: Range;
  try {
    range = ipaddr.parseCIDR(cidr);
  } catch {
    throw new RangeError(`${cidr} is not a range of addresses: write it as 10.1.0.0/16 or fd00::/8`);
  }
  const [network, bits] = range;
  // Mapped addresses are judged as IPv4, so a range of them has to be one of IPv4, too.
  return matches(network, mapped) && bits >= 96 ? [lastFourBytes(network), bits - 96] : range;
}

function matches(address: Address, [network, bits]: Range): boolean {
  if (address instanceof ipaddr.IPv4 && network instanceof ipaddr.IPv4) return address.match(network, bits);
  if (address instanceof ipaddr.IPv6 && network instanceof ipaddr.IPv6) return address.match(network, bits);
  return false;
}
