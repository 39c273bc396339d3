/** How many seconds are remembered: messages of the same second come close together. */
const secondsKept = 256;

/**
 * Where messages stand in the list. WhatsApp's times are whole seconds, so that what people write in quick succession
 * has the same time: within a second, messages stand in the order in which they came.
 */
export function createPlaces() {
  /** The last place that was given in each second, by direction of counting. */
  const last = { up: new Map<number, number>(), down: new Map<number, number>() };

  const remember = (places: Map<number, number>, second: number, place: number) => {
    places.delete(second);
    places.set(second, place);
    const [oldest] = places.keys();
    if (places.size > secondsKept && oldest !== undefined) places.delete(oldest);
  };

  return {
    /**
     * The place of the next message: its time, plus less than a second.
     * @param timestamp Unix ms
     * @param live whether it comes now; what a phone tells of earlier times it tells in the reverse order
     */
    next(timestamp: number, live: boolean): number {
      const time = Math.max(0, Math.trunc(timestamp));
      const second = Math.floor(time / 1_000);
      const latest = second * 1_000 + 999;
      if (live) {
        const place = Math.min(Math.max(time, (last.up.get(second) ?? 0) + 1), latest);
        remember(last.up, second, place);
        return place;
      }
      if (time % 1_000 !== 0) return time;
      const place = Math.max(time, (last.down.get(second) ?? latest + 1) - 1);
      remember(last.down, second, place);
      return place;
    },
  };
}
