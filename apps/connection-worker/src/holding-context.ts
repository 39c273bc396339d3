import type { HistoryBounds } from '@flotilla/history';
import type { Queues, sharedBackend } from '@flotilla/queue';
import type { Confirmations, Redis } from '@flotilla/redis';
import type { Logger } from '@flotilla/service';
import type { OpenedSocket, SocketUpdate } from './connection/socket.ts';
import type { StoredAuth } from './connection/stored-auth.ts';
import type { WorkerFaultPoints } from './fault-points.ts';
import type { Holding } from './holding.ts';
import type { Loops } from './loops.ts';
import type { WorkerMetrics } from './worker-metrics.ts';

/** What all holdings of a worker share. */
export interface HoldingContext {
  redis: Redis;
  queues: Queues;
  /** Where replicas are asked whether they have what was written. Without it nobody is asked. */
  confirmations?: Confirmations;
  laneBackend: ReturnType<typeof sharedBackend>;
  log: Logger;
  metrics: WorkerMetrics;
  /** What of an instance could stall. */
  loops: Loops;
  /** Whether the worker's lease allows to act now. */
  mayWork(): boolean;
  /** How much of each instance's messages is kept. */
  historyBounds: HistoryBounds;
  takeLogin(): Promise<number>;
  refuseVersion(): Promise<void>;
  faults: WorkerFaultPoints;
  /** Credentials that lie in Redis, while there is no socket. */
  storedAuth: StoredAuth;
  openSocket(holding: Holding, onUpdate: (update: SocketUpdate) => void): Promise<OpenedSocket>;
  /** Reports that the holding has ended by itself: it was lost, or there is nothing to hold. */
  onEnded(holding: Holding): void;
}
