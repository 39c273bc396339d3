/** Whether an event type is the one that a filter names, or one of those that it stands for: `*`, `messages.*`. */
export const fitsPattern = (pattern: string, type: string): boolean =>
  pattern === type || (pattern.endsWith('*') && type.startsWith(pattern.slice(0, -1)));
