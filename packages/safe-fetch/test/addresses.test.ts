import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkUrl, createAddressPolicy } from '../src/index.ts';
import { isPublicV4, isPublicV6, rangeOf, specialV4, specialV6 } from './special-purpose.ts';
import { addresses, dotted, full, hostsV4, writingsV6 } from './spellings.ts';

const policy = createAddressPolicy();
const v4 = Object.keys(specialV4);
const v6 = Object.keys(specialV6);
const isAllowedUrl = (host: string, addressPolicy = policy) =>
  checkUrl(`http://${host}/hook`, { addresses: addressPolicy }) === undefined;
/** Every case in which one of few ranges is hit counts: many more than the usual hundred. */
const thorough = { numRuns: 3_000 };

describe('addresses, compared with the registries', () => {
  it.each(Object.entries(specialV4))('refuses both ends of %s: %s', (cidr) => {
    const { first, last } = rangeOf(cidr);
    for (const n of [first, last]) {
      expect(policy.allows(dotted(n)), dotted(n)).toBe(false);
      expect(policy.allows(`::ffff:${dotted(n)}`), dotted(n)).toBe(false);
    }
  });

  it.each(Object.entries(specialV6))('refuses both ends of %s: %s', (cidr) => {
    const { first, last } = rangeOf(cidr);
    for (const n of [first, last]) expect(policy.allows(full(n)), full(n)).toBe(false);
  });

  it('judges IPv4 as they do, plain and mapped', () => {
    fc.assert(
      fc.property(addresses.v4(v4), (n) => {
        expect(policy.allows(dotted(n))).toBe(isPublicV4(n));
        expect(policy.allows(`::ffff:${dotted(n)}`)).toBe(isPublicV4(n));
      }),
      thorough,
    );
  });

  it('refuses IPv4 inside of every other kind of IPv6, public or not', () => {
    const clothes = [
      (n: bigint) => n,
      (n: bigint) => rangeOf('64:ff9b::/96').first + n,
      (n: bigint) => rangeOf('64:ff9b:1::/48').first + n,
      (n: bigint) => rangeOf('::ffff:0:0:0/96').first + n,
      (n: bigint) => rangeOf('2002::/16').first + (n << 80n) + 1n,
      // Teredo has the client's address inverted at its end.
      (n: bigint) => rangeOf('2001::/32').first + (n ^ 0xffff_ffffn),
    ];
    fc.assert(
      fc.property(addresses.v4(v4), fc.constantFrom(...clothes), (n, dress) => {
        expect(policy.allows(full(dress(n)))).toBe(false);
      }),
      thorough,
    );
  });

  it('judges IPv6 as they do, in every writing, with and without brackets and zone', () => {
    fc.assert(
      fc.property(
        addresses.v6(v6).chain((n) => fc.record({ n: fc.constant(n), text: writingsV6(n) })),
        ({ n, text }) => {
          expect(isIP(text), text).toBe(6);
          for (const written of [text, `[${text}]`, `${text}%eth0`, `[${text}%25eth0]`]) {
            expect(policy.allows(written), written).toBe(isPublicV6(n));
          }
          expect(isAllowedUrl(`[${text}]`), text).toBe(isPublicV6(n));
        },
      ),
      thorough,
    );
  });

  it('judges hosts of URLs as they do, whatever the base, the digits and the dots', () => {
    fc.assert(
      fc.property(
        addresses.v4(v4).chain((n) => fc.record({ n: fc.constant(n), host: hostsV4(n) })),
        ({ n, host }) => {
          expect(new URL(`http://${host}/`).hostname, host).toBe(dotted(n));
          expect(isAllowedUrl(host), host).toBe(isPublicV4(n));
        },
      ),
      thorough,
    );
  });

  it('refuses what is no address in the one usual writing', () => {
    for (const text of ['', ' ', '8.8.8', '010.8.8.8', '0x8.8.8.8', '134744072', '8.8.8.8 ', '8.8.8.8/32', 'one.one']) {
      expect(policy.allows(text), text).toBe(false);
    }
  });
});

describe('the allow list', () => {
  const cidrs = fc.oneof(
    fc.record({ base: fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }), bits: fc.integer({ min: 0, max: 32 }) }),
    fc.record({ base: fc.constant(rangeOf('10.0.0.0/8').first), bits: fc.integer({ min: 8, max: 32 }) }),
  );

  it('lets pass what it names, plain and mapped, however it is written, and nothing beside it', () => {
    fc.assert(
      fc.property(cidrs, fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }), fc.boolean(), ({ base, bits }, other, near) => {
        const free = BigInt(32 - bits);
        const start = (base >> free) << free;
        const n = near ? start + (other & ((1n << free) - 1n)) : other;
        const expected = isPublicV4(n) || n >> free === start >> free;
        for (const cidr of [`${dotted(start)}/${bits}`, `::ffff:${dotted(start)}/${bits + 96}`]) {
          const lenient = createAddressPolicy([cidr]);
          for (const text of [dotted(n), `::ffff:${dotted(n)}`]) {
            expect(lenient.allows(text), `${text} with ${cidr}`).toBe(expected);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('opens no way inside by the NAT64 that it names', () => {
    const nat64 = createAddressPolicy(['64:ff9b::/96']);
    const both = createAddressPolicy(['64:ff9b::/96', '10.0.0.0/8']);
    const through = (n: bigint) => full(rangeOf('64:ff9b::/96').first + n);
    fc.assert(
      fc.property(addresses.v4(v4), (n) => {
        expect(nat64.allows(through(n))).toBe(isPublicV4(n));
        expect(both.allows(through(n))).toBe(isPublicV4(n) || n >> 24n === 10n);
      }),
      thorough,
    );
  });

  it('reaches networks of IPv6, link-local ones with a zone among them', () => {
    const lenient = createAddressPolicy(['fd00::/8', 'fe80::/64']);
    expect(lenient.allows('fd00::5')).toBe(true);
    expect(lenient.allows('fe80::1%eth0')).toBe(true);
    expect(lenient.allows('fe80:1::1')).toBe(false);
    expect(lenient.allows('::1')).toBe(false);
  });

  it.each(['10.0.0.0', '10.0.0.0/33', 'fd00::/129', 'ten/8', '10.0.0.0/-1', ''])(
    'names %j, which is no range',
    (cidr) => {
      expect(() => createAddressPolicy([cidr])).toThrow(`${cidr} is not a range`);
    },
  );
});

it('costs little: thousands of addresses are judged within a second', () => {
  const lenient = createAddressPolicy(['10.0.0.0/8', 'fd00::/8', '192.168.0.0/16']);
  const began = performance.now();
  for (let n = 0; n < 20_000; n += 1) lenient.allows(n % 2 === 0 ? '93.184.216.34' : '2606:4700:4700::1111');
  expect((performance.now() - began) / 1_000).toBeLessThan(1);
});
