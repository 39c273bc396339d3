export { sharedBackend } from './backend.ts';
export { commandJobs } from './command-jobs.ts';
export { type Lane, type LaneJob, openLane, reclaim, takeNext, takeUp } from './lane.ts';
export { createQueues, type Queues } from './queues.ts';
export { openRelayNotes, type RelayNote, type RelayNotes } from './relay-notes.ts';
export { type HandlerTools, type RunningWorker, type StartWorkerOptions, startWorker } from './worker.ts';
