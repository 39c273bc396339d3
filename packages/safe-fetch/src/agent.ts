import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { AddressRefusedError } from './errors.ts';
import type { AddressPolicy } from './policy.ts';
import { isHttpPort } from './port.ts';
import { createResolver, type ResolveAll } from './resolve.ts';

export interface SafeAgentOptions {
  policy: AddressPolicy;
  /** Connections per origin. Default 10. */
  connections?: number;
  /** How long establishing a connection may take (ms). Default 10,000. */
  connectTimeoutMs?: number;
  /** Default: the system's name servers. */
  resolve?: ResolveAll;
}

/**
 * An undici dispatcher that dials only what the policy allows. A name is resolved once, and the addresses that were
 * checked are the ones that are dialled: a name that answers differently the second time gains nothing. Connections belong
 * to the agent, so that one with another policy dials anew.
 */
export function createSafeAgent({
  policy,
  connections = 10,
  connectTimeoutMs = 10_000,
  resolve = createResolver(policy),
}: SafeAgentOptions): Agent {
  const lookup: LookupFunction = (host, { all }, done) => {
    resolve(host, (error, found) => {
      if (error) return done(error, '');
      const allowed = found.filter(({ address }) => policy.allows(address));
      const [first] = allowed;
      if (!first) return done(new AddressRefusedError(host), '');
      if (all) return done(null, [...allowed]);
      return done(null, first.address, first.family);
    });
  };
  const connect = buildConnector({ lookup, timeout: connectTimeoutMs, autoSelectFamily: true, allowH2: false });
  return new Agent({
    connections,
    pipelining: 1,
    // One request a connection: `connections` then bounds what one origin is asked at a time.
    allowH2: false,
    // A pooled connection is not resolved again: it must not outlive a change of the name for long.
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 60_000,
    connect(options, callback) {
      const host = options.hostname.replace(/^\[|\]$/g, '');
      // A literal address never reaches `lookup`.
      if (!isHttpPort(options.port) || (isIP(host) && !policy.allows(host))) {
        callback(new AddressRefusedError(host), null);
        return;
      }
      connect(options, callback);
    },
  });
}
