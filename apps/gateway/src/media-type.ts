/**
 * Chooses among media types by an `Accept` header: the highest quality wins, then the order of the offer.
 * @param offered what can be sent, the default first
 * @returns the default if the client accepts none of them: an answer is more useful than a refusal
 */
export function preferredType<T extends string>(accept: string | undefined, offered: readonly [T, ...T[]]): T {
  if (!accept) return offered[0];
  const ranges = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { type, quality: quality === undefined ? 1 : Number(quality) || 0 };
  });
  let best: { type: T; quality: number } = { type: offered[0], quality: 0 };
  for (const type of offered) {
    const names = [type, `${type.split('/')[0]}/*`, '*/*'];
    // The most specific range that matches decides.
    const range = names.map((name) => ranges.find((candidate) => candidate.type === name)).find(Boolean);
    if (range && range.quality > best.quality) best = { type, quality: range.quality };
  }
  return best.type;
}
