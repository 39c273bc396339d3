import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkUrl, createAddressPolicy } from './index.ts';

const addresses = createAddressPolicy();
const check = (url: string) => checkUrl(url, { addresses });

describe('a URL', () => {
  const reasons: [string, RegExp][] = [
    ['nonsense', /is not a URL/],
    ['https://', /is not a URL/],
    ['https://exa mple.com/', /is not a URL/],
    ['https://1.2.3.4.5/', /is not a URL/],
    ['https://256.1.1.1/', /is not a URL/],
    // Zones are no part of URLs, encoded or not.
    ['http://[fe80::1%eth0]/', /is not a URL/],
    ['http://[fe80::1%25eth0]/', /is not a URL/],
    ['ftp://example.com/', /must begin with https/],
    ['file:///etc/passwd', /must begin with https/],
    ['gopher://example.com/', /must begin with https/],
    ['https://user:secret@example.com/', /user name or password/],
    ['https://example.com@10.0.0.1/', /user name or password/],
    ['https://:secret@example.com/', /user name or password/],
    ['https://example.com/#x', /fragment/],
    ['https://example.com#@10.0.0.1/', /fragment/],
    ['http://localhost:3000/', /inside the network/],
    ['http://LOCALHOST/', /inside the network/],
    ['http://localhost./', /inside the network/],
    ['http://sub.localhost/', /inside the network/],
    ['http://ⓛocalhost/', /inside the network/],
    ['http://[::1]/', /inside the network/],
    ['http://[::]/', /inside the network/],
    ['http://[::127.0.0.1]/', /inside the network/],
    ['http://0/', /inside the network/],
    ['http://0x7f.1/', /inside the network/],
    ['http://127.1/', /inside the network/],
    ['http://127.0.0.1./', /inside the network/],
    ['http://１２７。０。０。１/', /inside the network/],
    ['http://①②⑦.0.0.1/', /inside the network/],
    ['http://127.0.0.1\\@example.com/', /inside the network/],
    ['http:/127.0.0.1/', /inside the network/],
    ['http:\\\\127.0.0.1\\', /inside the network/],
    ['  http://127.0.0.1/  ', /inside the network/],
    ['ht\ntp://127.0.0.1/', /inside the network/],
    ['http://169.254.169.254/latest/meta-data', /inside the network/],
    ['http://[fd00:ec2::254]/latest', /inside the network/],
    ['https://example.com:25/', /port 25/],
    ['https://example.com:22/', /port 22/],
    ['http://example.com:6379/', /port 6379/],
    ['http://example.com:0/', /port 0/],
  ];
  it.each(reasons)('%j is refused', (url, reason) => expect(check(url)).toMatch(reason));

  it('must be https where that is demanded', () => {
    expect(checkUrl('http://example.com/', { addresses, requireHttps: true })).toMatch(/plain http/);
    expect(checkUrl('https://example.com/', { addresses, requireHttps: true })).toBeUndefined();
  });

  it.each([
    'https://example.com/hook?x=1',
    'https://example.com./',
    'http://example.com:80/',
    'https://example.com:8443/',
    'https://bücher.example/',
    'https://1.1.1.1/',
    'https://[2606:4700:4700::1111]:4443/',
    'https://localhost.example.com/',
  ])('%j is accepted', (url) => expect(check(url)).toBeUndefined());

  it('may name this machine where the allow list does', () => {
    const lenient = createAddressPolicy(['127.0.0.0/8']);
    expect(checkUrl('http://localhost/', { addresses: lenient })).toBeUndefined();
    expect(checkUrl('http://2130706433:8080/', { addresses: lenient })).toBeUndefined();
  });

  it('is never accepted with an address inside, whatever stands around it', () => {
    const parts = fc.record({
      scheme: fc.constantFrom('http://', 'https://', 'HTTP://', 'http:', 'http:\\\\', ' http://'),
      before: fc.constantFrom('', 'example.com@', 'a:b@', '@', '%40', 'example.com%23'),
      host: fc.constantFrom(
        '127.0.0.1',
        '[::1]',
        '10.0.0.1',
        '0x7f000001',
        '[::ffff:10.0.0.1]',
        'localhost',
        '１０.0.0.1',
      ),
      after: fc.constantFrom(
        '',
        '.',
        ':80',
        ':',
        '/',
        '\\@example.com',
        '?@example.com',
        '/..//example.com',
        '#example.com',
      ),
    });
    fc.assert(
      fc.property(parts, ({ scheme, before, host, after }) => {
        const url = `${scheme}${before}${host}${after}`;
        if (check(url) !== undefined) return;
        // Accepted: then another host is meant than the one inside.
        const { hostname } = new URL(url);
        expect(isIP(hostname.replace(/[[\]]/g, '')), url).toBe(0);
        expect(hostname, url).not.toMatch(/localhost\.?$/);
      }),
      { numRuns: 1_000 },
    );
  });
});
