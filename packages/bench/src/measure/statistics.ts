/** The value below which a part (0 to 1) of the numbers lies; 0 if there are none. */
export function quantile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** The middle one of the numbers, of an even count the mean of the two in the middle; 0 if there are none. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low = 0, high = low] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return (low + high) / 2;
}

/** A median with the least and the greatest of the rounds, such as `1.2 (1.1 to 1.4)`. */
export function withSpread(rounds: readonly number[]): string {
  if (rounds.length < 2) return shown(median(rounds));
  return `${shown(median(rounds))} (${shown(Math.min(...rounds))} to ${shown(Math.max(...rounds))})`;
}

/** A number with three digits that count, thousands with commas. */
export function shown(number: number): string {
  if (!Number.isFinite(number)) return String(number);
  if (Math.abs(number) >= 1_000) return Math.round(number).toLocaleString('en-US');
  return String(Number(number.toPrecision(3)));
}
