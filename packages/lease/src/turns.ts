/** Lets so many in at a time, the others in the order in which they came. */
export interface Turns {
  /** @param go called when there is room, at once if there is */
  enter(go: () => void): void;
  /** Makes room for the next one. */
  leave(): void;
}

export function createTurns(atATime: number): Turns {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return {
    enter(go) {
      if (inside < atATime) {
        inside += 1;
        go();
      } else waiting.push(go);
    },
    leave() {
      const next = waiting.shift();
      if (next) next();
      else inside -= 1;
    },
  };
}
