import { events } from '@flotilla/contracts';
import type { Pointer } from '@flotilla/instance';

/** Decides from where an event lies, without having read it, whether a stream shows it. */
export type Filter = (pointer: Pick<Pointer, 'instance' | 'type'>) => boolean;

const eventTypes = Object.keys(events);

/** The types that a pattern names: `*`, a type, or the beginning of some and `.*`. */
const typesOf = (pattern: string): string[] => {
  if (pattern === '*') return eventTypes;
  if (!pattern.endsWith('.*')) return eventTypes.filter((type) => type === pattern);
  return eventTypes.filter((type) => type.startsWith(pattern.slice(0, -1)));
};

/** The first of some patterns that names no type of event; undefined if all do. */
export const unknownPattern = (patterns: readonly string[]): string | undefined =>
  patterns.find((pattern) => typesOf(pattern).length === 0);

/**
 * @param instances only of these; none means of all
 * @param patterns names of types, or beginnings such as `messages.*`; none means all types
 */
export function createFilter(instances: readonly string[], patterns: readonly string[]): Filter {
  const wantedInstances = new Set(instances);
  const wantedTypes = new Set(patterns.flatMap(typesOf));
  // All types includes those that this gateway does not know yet.
  const allTypes = patterns.length === 0 || patterns.includes('*');
  return ({ instance, type }) =>
    (wantedInstances.size === 0 || wantedInstances.has(instance)) && (allTypes || wantedTypes.has(type));
}
