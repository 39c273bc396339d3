/**
 * What must not be dialled, written down from IANA's registries of special-purpose addresses and of multicast, each with
 * the document that set it aside: the reference that the guard is compared with.
 */

/** Ranges of IPv4, by CIDR. */
export const specialV4 = {
  '0.0.0.0/8': 'this network (RFC 791)',
  '10.0.0.0/8': 'private (RFC 1918)',
  '100.64.0.0/10': 'carrier-grade NAT (RFC 6598); 100.100.100.200 is the metadata of one cloud',
  '127.0.0.0/8': 'loopback (RFC 1122)',
  '169.254.0.0/16': 'link-local (RFC 3927); 169.254.169.254 is the metadata of most clouds',
  '172.16.0.0/12': 'private (RFC 1918)',
  '192.0.0.0/24': 'protocol assignments (RFC 6890); 192.0.0.192 is the metadata of one cloud',
  '192.0.2.0/24': 'documentation (RFC 5737)',
  '192.31.196.0/24': 'AS112 (RFC 7535)',
  '192.52.193.0/24': 'AMT (RFC 7450)',
  '192.88.99.0/24': '6to4 relays (RFC 7526)',
  '192.168.0.0/16': 'private (RFC 1918)',
  '192.175.48.0/24': 'AS112 (RFC 7534)',
  '198.18.0.0/15': 'benchmarks (RFC 2544)',
  '198.51.100.0/24': 'documentation (RFC 5737)',
  '203.0.113.0/24': 'documentation (RFC 5737)',
  '224.0.0.0/4': 'multicast (RFC 1112)',
  '240.0.0.0/4': 'reserved (RFC 1112)',
  '255.255.255.255/32': 'broadcast (RFC 919)',
} as const;

/** Ranges of IPv6, by CIDR. Whatever is outside 2000::/3 is not given out as global unicast, too. */
export const specialV6 = {
  '::/128': 'unspecified (RFC 4291)',
  '::1/128': 'loopback (RFC 4291)',
  '::/96': 'IPv4-compatible (RFC 4291)',
  '::ffff:0:0:0/96': 'IPv4-translated (RFC 2765)',
  '64:ff9b::/96': 'NAT64 (RFC 6052)',
  '64:ff9b:1::/48': 'local NAT64 (RFC 8215)',
  '100::/64': 'discard (RFC 6666)',
  '100:0:0:1::/64': 'dummy prefix (RFC 9780)',
  '2001::/23': 'protocol assignments (RFC 2928): Teredo, benchmarks, ORCHID and others are within',
  '2001::/32': 'Teredo (RFC 4380)',
  '2001:2::/48': 'benchmarks (RFC 5180)',
  '2001:3::/32': 'AMT (RFC 7450)',
  '2001:4:112::/48': 'AS112 (RFC 7535)',
  '2001:10::/28': 'ORCHID (RFC 4843)',
  '2001:20::/28': 'ORCHIDv2 (RFC 7343)',
  '2001:30::/28': 'drone remote ids (RFC 9374)',
  '2001:db8::/32': 'documentation (RFC 3849)',
  '2002::/16': '6to4 (RFC 3056)',
  '2620:4f:8000::/48': 'AS112 (RFC 7534)',
  '3fff::/20': 'documentation (RFC 9637)',
  '5f00::/16': 'SRv6 segments (RFC 9602)',
  'fc00::/7': 'unique local (RFC 4193); fd00:ec2::254 is the metadata of one cloud',
  'fe80::/10': 'link-local (RFC 4291)',
  'fec0::/10': 'site-local (RFC 3879)',
  'ff00::/8': 'multicast (RFC 4291)',
} as const;

/** A range as numbers. */
export interface NumberRange {
  first: bigint;
  last: bigint;
}

/** The number of an address that is written with all its parts, or, in IPv6, with `::`. */
function numberOf(address: string): bigint {
  if (!address.includes(':')) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = '', tail = ''] = address.split('::');
  const parts = (text: string) => text.split(':').filter(Boolean);
  const zeros = 8 - parts(head).length - parts(tail).length;
  return [...parts(head), ...Array<string>(zeros).fill('0'), ...parts(tail)].reduce(
    (sum, part) => sum * 65_536n + BigInt(`0x${part}`),
    0n,
  );
}

/** A CIDR as numbers. */
export function rangeOf(cidr: string): NumberRange {
  const [base = '', bits = ''] = cidr.split('/');
  const free = BigInt((base.includes(':') ? 128 : 32) - Number(bits));
  const first = numberOf(base);
  return { first, last: first + (1n << free) - 1n };
}

const rangesV4 = Object.keys(specialV4).map(rangeOf);
const rangesV6 = Object.keys(specialV6).map(rangeOf);
const mapped = rangeOf('::ffff:0:0/96');
const globalUnicast = rangeOf('2000::/3');

const within = (n: bigint, { first, last }: NumberRange) => n >= first && n <= last;

/** Whether the internet routes to an IPv4 address, by the tables. */
export const isPublicV4 = (n: bigint) => !rangesV4.some((range) => within(n, range));

/** Whether the internet routes to an IPv6 address, or to the IPv4 address that it is another writing of. */
export function isPublicV6(n: bigint): boolean {
  if (within(n, mapped)) return isPublicV4(n - mapped.first);
  return within(n, globalUnicast) && !rangesV6.some((range) => within(n, range));
}
