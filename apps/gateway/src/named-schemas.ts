import * as contracts from '@flotilla/contracts';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/**
 * Replaces every schema below `value` that has a name (`$id`) by a reference to it, so that the API's description
 * has each of them once, under its name, instead of a copy at every use.
 */
export function withReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withReferences);
  if (!isObject(value)) return value;
  if (typeof value.$id === 'string') return { $ref: `#/components/schemas/${value.$id}` };
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withReferences(part)]));
}

/** Every named schema of contracts, by its name. */
export function namedSchemas(): Record<string, Json> {
  const named: Record<string, Json> = {};
  for (const exported of Object.values(contracts) as unknown[]) {
    if (!isObject(exported) || typeof exported.$id !== 'string') continue;
    const { $id, ...schema } = exported;
    named[$id] = withReferences(schema) as Json;
  }
  return named;
}
