export { AliasTakenError } from './aliases.ts';
export { type Changes, createChanges } from './changes.ts';
export { claimDevice, type DeviceHolder, deviceOf, deviceRelease } from './device-claims.ts';
export { appendEvent, eventsOf, keptEvents, lastSequence, readEvents, trimEvents } from './events.ts';
export {
  appendToFeed,
  beginningOf,
  entriesBetween,
  feedBounds,
  keptPointers,
  type Pointer,
  PositionLostError,
  reachesBack,
  readFeed,
  readPointed,
  removeFeed,
} from './feed.ts';
export { dropImport, importTtlMs, stagedFields, stageImport } from './import-staging.ts';
export { createInstances, type Instances, recordFields, type StoredInstance } from './instances.ts';
export {
  type Acceptance,
  type AcceptedCommands,
  acceptCommands,
  type CommandToAccept,
  type JournalEntry,
  journalEntry,
  journalStep,
  journalTtlMs,
  readJournal,
  readMessage,
  readStatuses,
} from './journal.ts';
export {
  acceptRequest,
  forgetRequest,
  type RequestFailure,
  type RequestState,
  readRequest,
  requestStep,
} from './requests.ts';
