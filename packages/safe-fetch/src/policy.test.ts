import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkUrl, createAddressPolicy } from './index.ts';

const policy = createAddressPolicy();

/** Every IPv4 range that the internet does not route to (IANA special-purpose registry), with the name of each. */
const insideV4 = {
  'this network': '0.0.0.0/8',
  'private (10)': '10.0.0.0/8',
  'carrier-grade NAT': '100.64.0.0/10',
  loopback: '127.0.0.0/8',
  'link-local and metadata': '169.254.0.0/16',
  'private (172)': '172.16.0.0/12',
  'documentation 1': '192.0.2.0/24',
  'private (192)': '192.168.0.0/16',
  benchmarking: '198.18.0.0/15',
  'documentation 2': '198.51.100.0/24',
  'documentation 3': '203.0.113.0/24',
  multicast: '224.0.0.0/4',
  reserved: '240.0.0.0/4',
} as const;

/** Any address of a range. */
const inRange = (cidr: string) => {
  const [base = '', bits = '0'] = cidr.split('/');
  const start = base.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return fc.integer({ min: 0, max: 2 ** (32 - Number(bits)) - 1 }).map((offset) => start + offset);
};
const dotted = (n: number) => [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join('.');
const hex16 = (n: number) => n.toString(16);
const groups = (n: number) => `${hex16(Math.floor(n / 65_536))}:${hex16(n % 65_536)}`;

describe('addresses', () => {
  for (const [name, cidr] of Object.entries(insideV4)) {
    it(`refuses every address of ${name}, also as IPv4-mapped, NAT64 and 6to4`, () => {
      fc.assert(
        fc.property(inRange(cidr), (n) => {
          expect(policy.allows(dotted(n))).toBe(false);
          expect(policy.allows(`::ffff:${dotted(n)}`)).toBe(false);
          expect(policy.allows(`64:ff9b::${groups(n)}`)).toBe(false);
          expect(policy.allows(`2002:${groups(n)}::1`)).toBe(false);
        }),
      );
    });

    it(`refuses URLs that spell ${name} in decimal, hexadecimal or octal`, () => {
      fc.assert(
        fc.property(inRange(cidr), (n) => {
          for (const host of [
            String(n),
            `0x${n.toString(16)}`,
            `0${n.toString(8)}`,
            dotted(n),
            `[::ffff:${dotted(n)}]`,
          ]) {
            expect(checkUrl(`http://${host}/hook`, { addresses: policy })).toMatch(/inside the network/);
          }
        }),
      );
    });
  }

  it('refuses IPv6 addresses that are not global', () => {
    for (const address of [
      '::1',
      '::',
      'fe80::1',
      'fe80::1%eth0',
      'fc00::1',
      'fd12:3456::1',
      'ff02::1',
      '2001:db8::1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '100::1',
      // IPv4 in the obsolete form without ffff, and blocks that nobody was given.
      '::7f00:1',
      '::a9fe:a9fe',
      '1::1',
      '4000::1',
    ]) {
      expect(policy.allows(address), address).toBe(false);
      expect(policy.allows(`[${address}]`), address).toBe(false);
    }
  });

  it('lets public addresses pass', () => {
    for (const address of ['1.1.1.1', '93.184.216.34', '2606:4700:4700::1111', '::ffff:8.8.8.8']) {
      expect(policy.allows(address), address).toBe(true);
    }
  });

  it('lets pass what the allow list names, and nothing beside it', () => {
    const lenient = createAddressPolicy(['127.0.0.0/8', 'fd00::/8']);
    expect(lenient.allows('127.0.0.1')).toBe(true);
    expect(lenient.allows('::ffff:127.0.0.1')).toBe(true);
    expect(lenient.allows('fd00::5')).toBe(true);
    expect(lenient.allows('10.0.0.1')).toBe(false);
    expect(lenient.allows('::1')).toBe(false);
  });

  it('names a range that it cannot read', () => {
    expect(() => createAddressPolicy(['10.0.0.0'])).toThrow(/10\.0\.0\.0 is not a range/);
  });
});

describe('URLs', () => {
  const reasons: [string, RegExp][] = [
    ['nonsense', /is not a URL/],
    ['ftp://example.com/', /must begin with https/],
    ['https://user:secret@example.com/', /user name or password/],
    ['https://example.com/#x', /fragment/],
    ['http://localhost:3000/', /inside the network/],
    ['http://sub.localhost/', /inside the network/],
    ['http://[::1]/', /inside the network/],
    ['http://0x7f.1/', /inside the network/],
    ['http://169.254.169.254/latest/meta-data', /inside the network/],
  ];
  for (const [url, reason] of reasons) {
    it(`refuses ${url}`, () => expect(checkUrl(url, { addresses: policy })).toMatch(reason));
  }

  it('refuses plain http where https is demanded', () => {
    expect(checkUrl('http://example.com/', { addresses: policy, requireHttps: true })).toMatch(/plain http/);
  });

  it('accepts ordinary ones', () => {
    expect(checkUrl('https://example.com/hook?x=1', { addresses: policy })).toBeUndefined();
    expect(checkUrl('http://localhost/', { addresses: createAddressPolicy(['127.0.0.0/8']) })).toBeUndefined();
  });
});
