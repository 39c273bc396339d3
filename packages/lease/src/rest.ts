/** What a comparison of loads rests on, as far as one command tells it. */
interface Standing {
  /** How many workers are listed. */
  workers: number;
  /** How many instances this one holds. */
  load: number;
}

/** So many rounds may go by without a comparison: loads of others change, too, when instances come or go. */
const longestRest = 5;
/** So many comparisons in a row must have found nothing to move: in a large fleet each of them sees some of the workers only. */
const quietUntilRest = 3;

/**
 * Whether there is any sense in comparing loads once more: not if there was nothing to move, and since then no worker has
 * come or gone and nothing was taken or given here. Spares a fleet in balance nearly all of its looks.
 */
export function createRest() {
  let balanced: Standing | undefined;
  let rounds = 0;
  let quiet = 0;
  return {
    /** Counts a round. @returns whether to leave it out */
    rests({ workers, load }: Standing): boolean {
      if (balanced && balanced.workers !== workers) quiet = 0;
      rounds += 1;
      return balanced?.workers === workers && balanced.load === load && rounds <= longestRest;
    },
    /** Notes what came of a comparison. @param moves instances that were to be moved */
    compared(standing: Standing, moves: number): void {
      quiet = moves === 0 ? quiet + 1 : 0;
      balanced = quiet >= quietUntilRest ? standing : undefined;
      rounds = 0;
    },
  };
}
