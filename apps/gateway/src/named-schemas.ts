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

/** Every named schema of contracts, by its name, wherever in its tables it stands. */
export function namedSchemas(): Record<string, Json> {
  const named: Record<string, Json> = {};
  const seen = new Set<unknown>();
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (isObject(value) && typeof value.$id === 'string') {
      const { $id, ...schema } = value;
      named[$id] = withReferences(schema) as Json;
    }
    for (const part of Object.values(value)) collect(part);
  };
  collect({ ...contracts });
  return named;
}
