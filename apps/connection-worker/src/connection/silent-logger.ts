/**
 * What Baileys logs to: nothing. Its lines carry message content, numbers and keys, and ours say what happened.
 * @see `ILogger` of Baileys
 */
export const silentLogger = {
  level: 'silent',
  child: () => silentLogger,
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};
