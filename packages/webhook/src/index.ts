export { type Again, deliverAgain } from './again.ts';
export { bounds } from './bounds.ts';
export { objectionToHeaders } from './custom-headers.ts';
export { type PageRequest, readDeliveries } from './delivery-log.ts';
export { createEndpointMetrics, type EndpointMetrics, readStats } from './endpoint-metrics.ts';
export { activeSecrets, disableEndpoint, readEndpoint, readEndpoints } from './endpoint-store.ts';
export { createEndpoints, type Endpoints } from './endpoints.ts';
export { fitsPattern } from './event-filter.ts';
export {
  type BreakerState,
  type DeliveryLimits,
  type Exchanged,
  eventOf,
  exchange,
  type Outcome,
  type Settlement,
  type SettleResult,
  type TakenEntry,
} from './exchange.ts';
export { forgetEndpoint } from './forget.ts';
export { type Mailbox, type MailboxEntry, push } from './mailbox.ts';
export { missedOf } from './missed.ts';
export { type Letter, type OpenEndpoint, openEndpoint, requestFor } from './open-endpoint.ts';
export { type NewsParts, switchOff, tellNews } from './operational-events.ts';
export { createPoster, type PendingAttempt, type Posted, type Poster, type WebhookRequest } from './poster.ts';
export { isOperational, shownVia } from './record.ts';
export {
  endReplay,
  formatPosition,
  hasLookedAtAll,
  isUnderWay,
  type ReplayPosition,
  readReplay,
  type StoredReplay,
} from './replay-record.ts';
export { createReplays, ReplayRefusedError, type Replays } from './replays.ts';
export {
  type Failure,
  parseDuration,
  parseSchedule,
  type RetrySchedule,
  retryDelay,
  ScheduleError,
} from './schedule.ts';
export { sendTest } from './send-test.ts';
export { isSigningSecret, newSigningSecret } from './signature.ts';
