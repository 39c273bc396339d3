import type { DialectName } from '@flotilla/contracts';
import { ConfigError } from '@flotilla/service';
import type { Dialect } from './dialect.ts';

/** A port of its own on which one tenant speaks one dialect, also without a key. */
export interface Binding {
  dialect: DialectName;
  port: number;
  tenant: string;
  /** What the variables of the old service are set to here. */
  variables: Readonly<Record<string, string>>;
}

/** Goes for every dialect: what clients have to send as their key. */
export const keyVariable = 'API_KEY';

const form = 'write <dialect>=<port>:<tenant id>, such as luna=3001:ten_0123456789abcdefghjk';

/**
 * Reads `COMPAT_BINDINGS`: entries such as `luna=3001:ten_… API_KEY=secret WEBHOOK_URL=https://…`, separated by commas or
 * lines. A comma within a value separates nothing unless an entry follows it.
 * @param dialects those that there are
 * @param ownPort the API's, which cannot be bound
 * @param checkUrl why events may not be posted to a URL, as the end of a sentence; undefined if they may
 * @throws ConfigError in one sentence, which never has a value in it: it may be a secret
 */
export function readBindings(
  text: string,
  {
    dialects,
    ownPort,
    checkUrl,
  }: { dialects: readonly Dialect[]; ownPort: number; checkUrl(url: string): string | undefined },
): Binding[] {
  const entries = text
    .split(/[,\n](?=\s*[a-z-]+=\d+:|\s*$)|\n/)
    .map((entry) => entry.trim())
    .filter(Boolean);
  const taken = new Set([ownPort]);
  return entries.map((entry, index) => {
    const fail = (reason: string): never => {
      throw new ConfigError(`COMPAT_BINDINGS is invalid: entry ${index + 1} ${reason}`);
    };
    const [target = '', ...settings] = entry.split(/\s+/);
    const [, name, digits, tenant = ''] = /^([a-z-]+)=(\d{1,5}):(ten_\w{1,60})$/.exec(target) ?? [];
    if (name === undefined) return fail(`is not understood: ${form}`);
    const dialect = dialects.find((each) => each.name === name);
    if (!dialect) return fail(`names no dialect: there are ${dialects.map((each) => each.name).join(', ')}`);
    const port = Number(digits);
    if (port < 1 || port > 65_535) fail('has a port that is none: 1 to 65535');
    if (taken.has(port)) fail(`has a port that is taken: ${port}`);
    taken.add(port);
    const known = [keyVariable, ...dialect.variables];
    const variables = settings.map((setting) => {
      const [, variable = '', value = ''] = /^([A-Z_]+)=(\S+)$/.exec(setting) ?? [];
      if (!known.includes(variable)) fail(`has a setting that ${name} does not know: it knows ${known.join(', ')}`);
      const objection = variable === dialect.events?.variable ? checkUrl(value) : undefined;
      if (objection) fail(`has a ${variable} that ${objection}, or allow it by WEBHOOK_ALLOW_CIDRS`);
      return [variable, value] as const;
    });
    return { dialect: dialect.name, port, tenant, variables: Object.fromEntries(variables) };
  });
}
