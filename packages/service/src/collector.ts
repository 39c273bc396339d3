import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects garbage at once: what is young only, (by default) everything, or everything, so that the rest lies close together
 * and the system has the room back.
 */
export type Collector = (
  options?: { type: 'minor' } | { type: 'major'; execution: 'sync'; flavor: 'last-resort' },
) => void;

/** The function that `node --expose-gc` would give, for whoever asks alone. */
export function exposeCollector(): Collector {
  setFlagsFromString('--expose-gc');
  const collector: Collector = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return collector;
}
