import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects garbage at once: what is young only, or (by default) everything. */
export type Collector = (options?: { type: 'minor' }) => void;

/** The function that `node --expose-gc` would give, for whoever asks alone. */
export function exposeCollector(): Collector {
  setFlagsFromString('--expose-gc');
  const collector: Collector = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return collector;
}
