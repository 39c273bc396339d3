/** Where Redis is: one server, a cluster that is entered by any of its nodes, or a master that Sentinels know. */
export type RedisPlace =
  | { kind: 'single'; url: string }
  | ({ kind: 'cluster'; nodes: Address[] } & Access)
  | ({ kind: 'sentinel'; sentinels: Address[]; master: string } & Access);

/** One server. */
export interface Address {
  host: string;
  port: number;
}

/** What the servers ask for. Sentinels are asked without a password. */
export interface Access {
  tls: boolean;
  username: string | undefined;
  password: string | undefined;
}

const form =
  /^redis(?<tls>s?)\+(?<kind>cluster|sentinel):\/\/(?:(?<user>[^@/]*)@)?(?<hosts>[^@/]+)(?:\/(?<name>[^/]*))?$/;

/**
 * Reads a Redis URL: `redis://…`, `redis+cluster://[user:password@]host:port,…` or
 * `redis+sentinel://[user:password@]host:port,…/<master name>`, each with `rediss` for TLS.
 * @throws RangeError with a sentence that names the cure and repeats nothing of the URL, which may hold a password
 */
export function parseRedisUrl(url: string): RedisPlace {
  if (/^rediss?:\/\//.test(url)) return { kind: 'single', url };
  const parts = form.exec(url)?.groups;
  if (!parts?.hosts) {
    throw new RangeError(
      'REDIS_URL is no Redis URL: use redis://host:port, redis+cluster://host:port,host:port or redis+sentinel://host:port,host:port/<master name>',
    );
  }
  const isCluster = parts.kind === 'cluster';
  const addresses = parts.hosts.split(',').map((host) => addressOf(host, isCluster ? 6_379 : 26_379));
  const [username, password] = credentialsOf(parts.user);
  const access = { tls: parts.tls === 's', username, password };
  if (isCluster) {
    // A cluster has one database, without a number.
    if (parts.name)
      throw new RangeError('REDIS_URL names a database, which a cluster does not have: end it with the last port');
    return { kind: 'cluster', nodes: addresses, ...access };
  }
  if (!parts.name) {
    throw new RangeError('REDIS_URL does not say which master the Sentinels are to be asked for: add /<master name>');
  }
  return { kind: 'sentinel', sentinels: addresses, master: decodeURIComponent(parts.name), ...access };
}

function addressOf(text: string, defaultPort: number): Address {
  // In brackets: an IPv6 address, whose colons separate no port.
  const parts = /^(?:\[(?<six>[0-9a-fA-F:.]+)\]|(?<name>[^:[\]\s]+))(?::(?<port>\d{1,5}))?$/.exec(text)?.groups;
  const host = parts?.six ?? parts?.name;
  const port = Number(parts?.port ?? defaultPort);
  if (!host || port < 1 || port > 65_535) {
    throw new RangeError('REDIS_URL has a server that is not host:port: separate several by commas, without spaces');
  }
  return { host, port };
}

function credentialsOf(text: string | undefined): [string | undefined, string | undefined] {
  if (text === undefined) return [undefined, undefined];
  const at = text.indexOf(':');
  const [user, password] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  return [decodeURIComponent(user) || undefined, decodeURIComponent(password) || undefined];
}
