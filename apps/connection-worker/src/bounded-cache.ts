/**
 * The bound of an `LRUCache` of which every socket has one. `max` would do the same, but reserves the memory of all
 * entries at once, some twenty bytes each: a hundred kilobytes for 5,000 that most sockets never have. This lets it
 * grow with what is in it.
 */
export const atMost = (entries: number) => ({ maxSize: entries, sizeCalculation: () => 1 });
