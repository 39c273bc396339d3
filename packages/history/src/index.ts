export { defaultBounds, type HistoryBounds } from './bounds.ts';
export { createHistoryWriter, type HistoryWriter, type KeptMessage, type Write } from './history-writer.ts';
export type { MessageToAppend, Target } from './message-writer.ts';
export { decodeResponses, pollResult, type Vote } from './responses.ts';
export type { Statuses } from './statuses.ts';
