import { readFileSync } from 'node:fs';
import { envSchema } from 'env-schema';
import type { Static, TObject } from 'typebox';
import { ConfigError } from './config-error.ts';

/** What the sentences need of a property's schema. */
interface Described {
  description?: string;
  examples?: unknown;
}

/** The part of a validator's finding that the sentences need. */
interface Finding {
  keyword: string;
  instancePath: string;
  params: Record<string, unknown>;
  message?: string;
}

/**
 * Reads an app's configuration from the environment.
 *
 * - `schema` is one `Type.Object`. A property's `description` is a noun phrase that completes "set it to …", and the
 *   first of its `examples` is shown after it. Texts become numbers and booleans where the schema says so.
 * - An empty text counts as not set, so `FOO=` in an env file means the default.
 * - For every property `X`, `X_FILE` may name a file whose trimmed content is the value: Docker and Kubernetes hand
 *   secrets over as files.
 *
 * Throws {@link ConfigError} with one sentence about the first problem, in the order of the schema.
 */
export function loadConfig<T extends TObject>(
  schema: T,
  env: Record<string, string | undefined> = process.env,
): Static<T> {
  const properties = schema.properties as Record<string, Described>;
  const data: Record<string, string> = {};
  for (const name of Object.keys(properties)) {
    const value = readVariable(name, env, properties);
    if (value !== undefined) data[name] = value;
  }
  try {
    // A copy, because env-schema adds a keyword to the schema it is given.
    return envSchema<Static<T>>({ schema: structuredClone(schema) as object, data, env: false });
  } catch (error) {
    const findings = (error as { errors?: Finding[] }).errors;
    if (!findings) throw error;
    throw new ConfigError(describeFirst(findings, properties));
  }
}

function readVariable(
  name: string,
  env: Record<string, string | undefined>,
  properties: Record<string, Described>,
): string | undefined {
  const value = env[name] === '' ? undefined : env[name];
  const fileVariable = `${name}_FILE`;
  // A schema may have a property of that very name; then it is a value of its own.
  const path = fileVariable in properties ? undefined : env[fileVariable];
  if (!path) return value;
  if (value !== undefined) throw new ConfigError(`${name} and ${fileVariable} are both set: keep only one of them`);
  let content: string;
  try {
    content = readFileSync(path, 'utf8').trim();
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new ConfigError(`${fileVariable} names ${path}, which cannot be read (${why}): mount it or unset it`, {
      cause: error,
    });
  }
  return content === '' ? undefined : content;
}

function describeFirst(findings: Finding[], properties: Record<string, Described>): string {
  const order = Object.keys(properties);
  const byVariable = findings.map((finding) => ({ finding, name: variableOf(finding) }));
  byVariable.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const first = byVariable[0];
  if (!first) return 'The configuration is invalid';
  const cure = `set it to ${wanted(properties[first.name] ?? {})}`;
  if (first.finding.keyword === 'required') return `${first.name} is missing: ${cure}`;
  // Alternatives (`Type.Union`) come as one finding for each of them and one for the whole.
  const own = byVariable.filter(({ name }) => name === first.name).map(({ finding }) => finding);
  return `${first.name} is invalid (${reason(own)}): ${cure}`;
}

function variableOf(finding: Finding): string {
  if (finding.keyword === 'required') return String(finding.params.missingProperty);
  return finding.instancePath.split('/')[1] ?? '';
}

function wanted({ description, examples }: Described): string {
  const noun = (description ?? 'a valid value').replace(/\.$/, '');
  const example = Array.isArray(examples) ? examples[0] : undefined;
  return example === undefined ? noun : `${noun} such as ${String(example)}`;
}

/** Why a value is refused. Says what was expected, never what was found. */
function reason(findings: Finding[]): string {
  const allowed = findings.flatMap(({ keyword, params }) => {
    if (keyword === 'const') return [String(params.allowedValue)];
    return keyword === 'enum' ? (params.allowedValues as unknown[]).map(String) : [];
  });
  if (allowed.length > 0) return `it must be ${allowed.length > 1 ? 'one of ' : ''}${allowed.join(', ')}`;
  const finding = findings[0];
  if (!finding || finding.keyword === 'pattern') return 'it has the wrong form';
  return `it ${finding.message ?? 'is not accepted'}`;
}
