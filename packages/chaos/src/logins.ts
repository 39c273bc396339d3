/**
 * The most of these moments that lie within one second, wherever it begins.
 * @param times Unix ms, in order
 */
export function busiestSecond(times: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [last, time] of times.entries()) {
    while (time - (times[first] ?? time) >= 1_000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
