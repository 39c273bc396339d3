/** A call that waits for the end of the round. */
interface Waiting<T, R> {
  asked: T;
  resolve: (answer: R | Promise<R>) => void;
  reject: (error: unknown) => void;
}

/**
 * Has calls that are made in the same round of the event loop done together, when the round is over: whoever calls at a
 * busy time shares commands with others, and at a quiet one waits for nobody.
 * @param run does them. It gets what was asked for, in the order of the calls, and answers each in the same order
 * @returns makes one call; what `run` throws rejects all calls of the round
 */
export function gatherCalls<T, R>(run: (asked: readonly T[]) => readonly (R | Promise<R>)[]): (asked: T) => Promise<R> {
  let gathered: Waiting<T, R>[] = [];
  const start = () => {
    const calls = gathered;
    gathered = [];
    try {
      const answers = run(calls.map(({ asked }) => asked));
      for (const [n, { resolve }] of calls.entries()) resolve(answers[n] as R | Promise<R>);
    } catch (error) {
      for (const { reject } of calls) reject(error);
    }
  };
  return (asked) =>
    new Promise<R>((resolve, reject) => {
      if (gathered.length === 0) setImmediate(start);
      gathered.push({ asked, resolve, reject });
    });
}

/**
 * Has reads of the same thing that are asked for in the same round of the event loop made once. The read begins when all
 * of them have been asked for, so that none is answered with what was true before.
 */
export const shareReads = <R>(read: (key: string) => Promise<R>): ((key: string) => Promise<R>) =>
  gatherCalls((keys) => {
    const begun = new Map<string, Promise<R>>();
    return keys.map((key) => {
      const reading = begun.get(key) ?? read(key);
      begun.set(key, reading);
      return reading;
    });
  });
