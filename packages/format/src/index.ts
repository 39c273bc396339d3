export type { Format, FormatContext, Formatted } from './format.ts';
export { formats } from './formats.ts';
