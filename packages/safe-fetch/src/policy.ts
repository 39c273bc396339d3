import ipaddr from 'ipaddr.js';

/** What may be dialled. */
export interface AddressPolicy {
  /** Whether this address may be dialled. @param address as a resolver or a URL gives it; zone ids are ignored */
  allows(address: string): boolean;
}

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
      if (address.range() === 'unicast') return true;
      return allowed.some(([network, bits]) => address.kind() === network.kind() && matches(address, network, bits));
    },
  };
}

function matches(address: ipaddr.IPv4 | ipaddr.IPv6, network: ipaddr.IPv4 | ipaddr.IPv6, bits: number): boolean {
  if (address instanceof ipaddr.IPv4 && network instanceof ipaddr.IPv4) return address.match(network, bits);
  if (address instanceof ipaddr.IPv6 && network instanceof ipaddr.IPv6) return address.match(network, bits);
  return false;
}
