/** Relays of one instance that are under way here. */
interface Run {
  /** Somebody has asked while it was under way: it may have read too early for them. */
  again: boolean;
  done: Promise<void>;
}

/**
 * Has an instance relayed once at a time in this process, however many ask for it: who asks meanwhile waits for one that
 * begins afterwards, and shares it with all the others.
 */
export function oneAtATime() {
  const underWay = new Map<string, Run>();

  const repeat = async (instance: string, run: Run, relay: () => Promise<void>) => {
    try {
      do {
        run.again = false;
        await relay();
      } while (run.again);
    } finally {
      underWay.delete(instance);
    }
  };

  /** @param relay relays what is new of the instance; not called if somebody else's call does it */
  return (instance: string, relay: () => Promise<void>): Promise<void> => {
    const known = underWay.get(instance);
    if (known) {
      known.again = true;
      return known.done;
    }
    const run: Run = { again: false, done: Promise.resolve() };
    underWay.set(instance, run);
    run.done = repeat(instance, run, relay);
    return run.done;
  };
}
