import { lookup, Resolver } from 'node:dns';
import type { AddressPolicy } from './policy.ts';

/** Whether a name stands for this machine, whatever name servers say (RFC 6761). */
export const isLocalName = (host: string): boolean => /(^|\.)localhost\.?$/i.test(host);

const thisMachine: readonly Resolved[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** An address that a name stands for. */
export interface Resolved {
  address: string;
  family: number;
}

/** Resolves a name to all its addresses. */
export type ResolveAll = (host: string, done: (error: Error | null, addresses: readonly Resolved[]) => void) => void;

/** How long a name server may take for the first try (ms), and how many there are. */
const asking = { timeout: 2_000, tries: 2 };

/** What a name server says of names that it does not have, or where there is none. */
const unknownCodes = new Set(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED']);

/**
 * Asks name servers directly. The system's resolver works in threads, of which a process has but a few: two names whose
 * servers never answer would hold up every other one. It is asked only where an allow list leads inside: names of `hosts`
 * files and of search domains matter nowhere else.
 * @param servers other name servers than the system's, each `address` or `address:port`
 */
export function createResolver({ reachesInside }: Pick<AddressPolicy, 'reachesInside'>, servers?: readonly string[]) {
  const resolver = new Resolver(asking);
  if (servers) resolver.setServers(servers);
  const resolveAll: ResolveAll = (host, done) => {
    if (isLocalName(host)) return done(null, thisMachine);
    const found: Resolved[] = [];
    let failure: NodeJS.ErrnoException | undefined;
    let pending = 2;
    const add = (family: number) => (error: NodeJS.ErrnoException | null, addresses: readonly string[]) => {
      // Of two failures the one that is no plain "unknown" says more.
      if (error && (!failure || unknownCodes.has(failure.code ?? ''))) failure = error;
      if (!error) for (const address of addresses) found.push({ address, family });
      pending -= 1;
      if (pending > 0) return;
      if (found.length > 0)
        return done(
          null,
          found.toSorted((a, b) => a.family - b.family),
        );
      if (reachesInside && unknownCodes.has(failure?.code ?? '')) return lookup(host, { all: true }, done);
      done(failure ?? null, []);
    };
    resolver.resolve4(host, add(4));
    resolver.resolve6(host, add(6));
  };
  return resolveAll;
}
