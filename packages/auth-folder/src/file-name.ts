/** Kinds of keys that Baileys 7 keeps beside the credentials, each in files named `<category>-<id>.json`. */
const categories = [
  // The longer name first: `sender-key-memory-…` begins with `sender-key-` too.
  'sender-key-memory',
  'sender-key',
  'pre-key',
  'session',
  'app-state-sync-key',
  'app-state-sync-version',
  'lid-mapping',
  'device-list',
  'tctoken',
  'identity-key',
] as const;

export type Category = (typeof categories)[number];

/** Name of the file that holds the credentials. */
export const credsFile = 'creds.json';

/**
 * Which key a file holds. Baileys writes `/` as `__` and `:` as `-` into the name, which loses what was there; what ids
 * of each category can look like tells it again.
 * @returns undefined if no key of Baileys is kept under such a name
 */
export function keyOfFile(file: string): { category: Category; id: string } | undefined {
  if (!file.endsWith('.json')) return undefined;
  const category = categories.find((name) => file.startsWith(`${name}-`));
  if (category === undefined) return undefined;
  const written = file.slice(category.length + 1, -'.json'.length);
  const id = idOf(category, written);
  return id === undefined ? undefined : { category, id };
}

/** The name that Baileys gives to the file of a key. */
export const fileOfKey = (category: Category, id: string): string =>
  `${category}-${id}.json`.replaceAll('/', '__').replaceAll(':', '-');

function idOf(category: Category, written: string): string | undefined {
  switch (category) {
    case 'pre-key':
      return /^[1-9]\d{0,8}$/.test(written) ? written : undefined;
    case 'app-state-sync-key': {
      // Base64, which has slashes, but neither colons nor underscores of its own.
      const id = written.replaceAll('__', '/');
      return /^[A-Za-z0-9+/]+={0,2}$/.test(id) ? id : undefined;
    }
    case 'sender-key': {
      // `<group>::<user>::<device>`; the id of an old group has a single dash.
      const [, group, user, device] = /^(.+@[\w.]+)--(\w+)--(\d+)$/.exec(written) ?? [];
      return group === undefined ? undefined : `${group}::${user}::${device}`;
    }
    case 'session':
    case 'identity-key':
      return /^\w+\.\d+$/.test(written) ? written : undefined;
    case 'app-state-sync-version':
      return /^[a-z_]+$/.test(written) ? written : undefined;
    case 'sender-key-memory':
    case 'lid-mapping':
    case 'device-list':
    case 'tctoken':
      return /^[\w.@+-]+$/.test(written) ? written : undefined;
  }
}
