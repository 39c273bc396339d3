import { events } from '@flotilla/contracts';
import type { Pointer } from '@flotilla/instance';

/** Decides from where an event lies, without having read it, whether a stream shows it. */
export type Filter = (pointer: Pick<Pointer, 'instance' | 'type'>) => boolean;

const eventTypes = Object.keys(events);

/** Whether a pattern names a type of event: `*`, a type, or the beginning of some and `.*`. */
const isKnown = (pattern: string): boolean => {
  if (pattern === '*') return true;
  if (!pattern.endsWith('.*')) return eventTypes.includes(pattern);
  return eventTypes.some((type) => type.startsWith(pattern.slice(0, -1)));
};

/** The first of some patterns that names no type of event; undefined if all do. */
export const unknownPattern = (patterns: readonly string[]): string | undefined =>
  patterns.find((pattern) => !isKnown(pattern));

/**
 * @param instances only of these; none means of all
 * @param patterns names of types, or beginnings such as `messages.*`; none means all types
 */
export function createFilter(instances: readonly string[], patterns: readonly string[]): Filter {
  const wantedInstances = new Set(instances);
  // By their beginnings, so that types that this gateway does not know yet are shown too.
  const fits = (type: string) =>
    patterns.length === 0 ||
    patterns.some((pattern) => (pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern));
  return ({ instance, type }) => (wantedInstances.size === 0 || wantedInstances.has(instance)) && fits(type);
}
