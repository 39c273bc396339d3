export type { Format, FormatContext, Formatted } from './format.ts';
export { formats } from './formats.ts';
export { wwebJid, wwebMessage } from './wweb-message.ts';
