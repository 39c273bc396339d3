export { ApiClient, type ApiRequest, type SendOptions, TenantClient } from './api-client.ts';
export { App, type AppEnv, type AppName, type AppOptions, startApp } from './app.ts';
export { Child, type ChildOptions, type Exit, runningChildren } from './child.ts';
export { type EventuallyOptions, eventually } from './eventually.ts';
export { Fleet, type FleetOptions, startFleet } from './fleet.ts';
export { freePort } from './free-port.ts';
export { type HttpAnswer, HttpError, type HttpRequest } from './http.ts';
export {
  type Answering,
  type ReceivedDelivery,
  type ReceiverAnswer,
  type ReceiverOptions,
  startReceiver,
  WebhookReceiver,
} from './receiver.ts';
export { findRedisServer, type RedisServer, type RedisServerOptions, startRedis } from './redis-server.ts';
export {
  type Contact,
  type ContactSettings,
  type Faults,
  type Inbox,
  type InboxEntry,
  type LedgerMessage,
  type LinkedPhone,
  type SimulatedAccount,
  SimulatorClient,
  type SimulatorCounters,
} from './simulator-client.ts';
export {
  type GroupOutcome,
  type NewGroup,
  type SimulatedGroup,
  type SimulatedGroupSettings,
  SimulatorGroups,
} from './simulator-groups.ts';
