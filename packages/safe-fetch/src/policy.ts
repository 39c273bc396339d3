import ipaddr from 'ipaddr.js';

/** What may be dialled. */
export interface AddressPolicy {
  /** Whether this address may be dialled. @param address as a resolver or a URL gives it; zone ids are ignored */
  allows(address: string): boolean;
}

/** All that IANA has given out for global unicast in IPv6; what lies outside, such as ::127.0.0.1 as ::7f00:1, is obsolete or unused. */
const globalUnicast: Range = [ipaddr.IPv6.parse('2000::'), 3];

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/**
 * Only addresses that the public internet routes to, plus those of an allow list.
 * @param allowCidrs ranges that are allowed although they are not public, such as `10.1.0.0/16`
 * @throws RangeError that names the text which is no CIDR
 */
export function createAddressPolicy(allowCidrs: readonly string[] = []): AddressPolicy {
  const allowed = allowCidrs.map((cidr): Range => {
    try {
      return ipaddr.parseCIDR(cidr);
    } catch {
      throw new RangeError(`${cidr} is not a range of addresses: write it as 10.1.0.0/16 or fd00::/8`);
    }
  });
  return {
    allows(text) {
      const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
      if (!ipaddr.isValid(bare)) return false;
      // An IPv4 address in IPv6 clothes (::ffff:a.b.c.d) is judged as what it is.
      const address = ipaddr.process(bare);
      // Every other range (private, loopback, link-local, CGNAT, NAT64, 6to4, Teredo, reserved…) leads inside or nowhere.
      const isPublic =
        address.range() === 'unicast' && (address.kind() === 'ipv4' || matches(address, ...globalUnicast));
      return isPublic || allowed.some((range) => matches(address, ...range));
    },
  };
}

function matches(address: ipaddr.IPv4 | ipaddr.IPv6, network: ipaddr.IPv4 | ipaddr.IPv6, bits: number): boolean {
  if (address instanceof ipaddr.IPv4 && network instanceof ipaddr.IPv4) return address.match(network, bits);
  if (address instanceof ipaddr.IPv6 && network instanceof ipaddr.IPv6) return address.match(network, bits);
  return false;
}
