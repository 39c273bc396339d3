export { FencedError, LeaseLostError } from './errors.ts';
export { allowedCommands, type FencedWriteOptions, fencedWrite, type RedisCommand } from './fenced-write.ts';
export { newIncarnation } from './incarnation.ts';
export type { Log } from './log.ts';
export {
  declareDead,
  forgetWorker,
  heldBy,
  listWorkers,
  markHeld,
  sampleWorkers,
  silentForMs,
  unmarkHeld,
  type Worker,
} from './membership.ts';
export { type Claim, claim, type Fence, type Ownership, readOwnership, release } from './ownership.ts';
export { pace } from './pace.ts';
export {
  askAgainMs,
  balancePauseMs,
  claimPatienceMs,
  handoverPeers,
  loginBurst,
  loginsReserved,
  movesAtMost,
  type PeerLoad,
  planHandover,
  planMoves,
  planShares,
  renewing,
  sampledPeers,
  suspectsToExamine,
  sweepWindow,
} from './placement.ts';
export { type ProbeResult, probe } from './probe.ts';
export { createReaper, type Reaper, type ReaperOptions } from './reaper.ts';
export { createRest } from './rest.ts';
export { createTurns } from './turns.ts';
export { createWorkerLease, type LeaseState, type WorkerLease, type WorkerLeaseOptions } from './worker-lease.ts';
