/** Gives a place back; doing so twice is the same as once. */
export type LeavePlace = () => void;

export type Places = ReturnType<typeof createPlaces>;

/**
 * Places in this process, so many for each tenant, or whatever a key stands for.
 * @param most how many one key may have taken at a time
 */
export function createPlaces(most: number) {
  const taken = new Map<string, number>();
  return {
    most,
    /** Takes places; undefined if there are not so many left. @param count how many */
    take(key: string, count = 1): LeavePlace | undefined {
      const after = (taken.get(key) ?? 0) + count;
      if (after > most) return undefined;
      taken.set(key, after);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        const rest = (taken.get(key) ?? count) - count;
        if (rest > 0) taken.set(key, rest);
        else taken.delete(key);
      };
    },
  };
}
