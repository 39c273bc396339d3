import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collector: ((options: { type: 'minor' }) => void) | undefined;

/**
 * Frees the buffers that were thrown away lately. V8 counts only the few bytes that it keeps of each on its own heap, and
 * so lets tens of MB of them pile up when a large file passes through. One call takes about a millisecond.
 */
export function collectBuffers(): void {
  if (!collector) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as typeof collector;
    setFlagsFromString('--no-expose-gc');
  }
  collector?.({ type: 'minor' });
}
