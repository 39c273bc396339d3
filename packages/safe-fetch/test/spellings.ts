import fc from 'fast-check';
import { type NumberRange, rangeOf } from './special-purpose.ts';

/** Numbers within a range, its ends and what lies just outside among them more often than chance would have it. */
function around({ first, last }: NumberRange, most: bigint): fc.Arbitrary<bigint> {
  const ends = [first - 1n, first, first + 1n, last - 1n, last, last + 1n].filter((n) => n >= 0n && n <= most);
  return fc.oneof(fc.constantFrom(...ends), fc.bigInt({ min: first, max: last }));
}

const mostV4 = 2n ** 32n - 1n;
const mostV6 = 2n ** 128n - 1n;

/** Addresses of a family: of every special range, and of anywhere. */
export const addresses = {
  v4: (cidrs: readonly string[]) =>
    fc.oneof(fc.bigInt({ min: 0n, max: mostV4 }), ...cidrs.map((cidr) => around(rangeOf(cidr), mostV4))),
  v6: (cidrs: readonly string[]) =>
    fc.oneof(
      fc.bigInt({ min: 0n, max: mostV6 }),
      fc.bigInt({ min: rangeOf('2000::/3').first, max: rangeOf('2000::/3').last }),
      around(rangeOf('::ffff:0:0/96'), mostV6),
      ...cidrs.map((cidr) => around(rangeOf(cidr), mostV6)),
    ),
};

/** The usual writing of an IPv4 address. */
export const dotted = (n: bigint) => [24n, 16n, 8n, 0n].map((shift) => (n >> shift) & 255n).join('.');

/** The eight groups of an IPv6 address, as numbers. */
const groups = (n: bigint) => Array.from({ length: 8 }, (_, at) => Number((n >> BigInt(112 - at * 16)) & 0xffffn));

/** An IPv6 address with all groups, none of them short. */
export const full = (n: bigint) =>
  groups(n)
    .map((group) => group.toString(16).padStart(4, '0'))
    .join(':');

/** Full-width forms of the characters of an address, which IDNA reads as those. */
const wide = (text: string) =>
  [...text]
    .map((character) =>
      /[0-9a-fx]/i.test(character) ? String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0) : character,
    )
    .join('');

/** Dots that IDNA reads as dots. */
const dots = ['.', '\u3002', '\uff0e', '\uff61'];

const radix = fc.constantFrom(
  (n: bigint) => n.toString(10),
  (n: bigint) => `0x${n.toString(16)}`,
  (n: bigint) => `0X${n.toString(16).toUpperCase()}`,
  (n: bigint) => `0x0000${n.toString(16)}`,
  (n: bigint) => `0${n.toString(8)}`,
  (n: bigint) => `000${n.toString(8)}`,
);

/** Hosts of URLs that mean an IPv4 address: one to four parts of any base, odd digits and dots, a dot at the end. */
export function hostsV4(n: bigint): fc.Arbitrary<string> {
  return fc
    .record({
      parts: fc.integer({ min: 1, max: 4 }),
      writers: fc.array(radix, { minLength: 4, maxLength: 4 }),
      dot: fc.constantFrom(...dots),
      last: fc.constantFrom('', '.'),
      dress: fc.constantFrom(
        (text: string) => text,
        wide,
        (text: string) => text.replace(/[0-9]/, (digit) => `%3${digit}`),
      ),
    })
    .map(({ parts, writers, dot, last, dress }) => {
      // All parts but the last are a byte each; the last one is what remains.
      const bytes = Array.from({ length: parts - 1 }, (_, at) => (n >> BigInt(24 - at * 8)) & 255n);
      const rest = n & ((1n << BigInt(32 - (parts - 1) * 8)) - 1n);
      const written = [...bytes, rest].map((part, at) => writers[at]?.(part) ?? String(part));
      return dress(written.join(dot)) + last;
    });
}

/** Writings of an IPv6 address: zeros left out or not, either case, the end as IPv4. */
export function writingsV6(n: bigint): fc.Arbitrary<string> {
  return fc
    .record({ pad: fc.boolean(), upper: fc.boolean(), tail: fc.boolean(), skip: fc.boolean(), at: fc.nat(7) })
    .map(({ pad, upper, tail, skip, at }) => {
      const numbers = groups(n);
      const words = numbers.map((group) => group.toString(16).padStart(pad ? 4 : 1, '0'));
      const kept = tail ? [...words.slice(0, 6), dotted(n & 0xffff_ffffn)] : words;
      const zerosUntil = (from: number) => {
        let to = from;
        while (to < (tail ? 6 : 8) && numbers[to] === 0) to += 1;
        return to;
      };
      const to = zerosUntil(at);
      const text = skip && to - at > 1 ? `${kept.slice(0, at).join(':')}::${kept.slice(to).join(':')}` : kept.join(':');
      return upper ? text.toUpperCase() : text;
    });
}
