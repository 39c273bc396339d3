export { bounds } from './bounds.ts';
export { objectionToHeaders, openHeaders } from './custom-headers.ts';
export type { PageRequest } from './delivery-log.ts';
export { activeSecrets, disableEndpoint, readEndpoint, readEndpoints } from './endpoint-store.ts';
export { createEndpoints, type Endpoints } from './endpoints.ts';
export {
  type BreakerState,
  type DeliveryLimits,
  type ExpiredEntry,
  forgetMailbox,
  type Mailbox,
  type MailboxEntry,
  type Outcome,
  push,
  renew,
  settle,
  type Taken,
  type TakenEntry,
  take,
} from './mailbox.ts';
export {
  type Failure,
  parseDuration,
  parseSchedule,
  type RetrySchedule,
  retryDelay,
  ScheduleError,
} from './schedule.ts';
export { isSigningSecret, newSigningSecret, type Signable, signatureHeaders } from './signature.ts';
