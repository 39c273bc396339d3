export { ApiClient, type ApiRequest, type SendOptions, TenantClient } from './api-client.ts';
export { App, type AppEnv, type AppName, type AppOptions, startApp, steppingClock } from './app.ts';
export { Child, type ChildOptions, type Exit, runningChildren } from './child.ts';
export { Follower, type SeenEvent, SseFollower, WebSocketFollower } from './event-follower.ts';
export { type EventuallyOptions, eventually } from './eventually.ts';
export { Fleet, type FleetOptions, type RedisLayout, startFleet, startTopology } from './fleet.ts';
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
  askRedis,
  type FailoverCause,
  type RedisFailover,
  type RedisKind,
  type RedisTopology,
} from './redis-topology.ts';
export { type SimulatedCall, SimulatorCalls } from './simulator-calls.ts';
export {
  type ConnectionTime,
  type Contact,
  type ContactSettings,
  type Faults,
  type LedgerMessage,
  type LinkedPhone,
  type SimulatedAccount,
  SimulatorClient,
  type SimulatorCounters,
  type StoredDevices,
} from './simulator-client.ts';
export { type ShownPresence, SimulatorContacts } from './simulator-contacts.ts';
export type { SimulatedContent, SimulatedContext } from './simulator-content.ts';
export {
  type GroupOutcome,
  type NewGroup,
  type SimulatedGroup,
  type SimulatedGroupSettings,
  SimulatorGroups,
} from './simulator-groups.ts';
export {
  type MediaFault,
  type MediaRetry,
  type MediaRetryAnswer,
  type MediaStatistics,
  SimulatorMedia,
  type StoredMedia,
} from './simulator-media.ts';
export type { Inbox, InboxEntry, ShownMedia, ShownMessage } from './simulator-messages.ts';
export { type SimulatedNewsletter, SimulatorNewsletters } from './simulator-newsletters.ts';
export {
  type BusinessProfile,
  type HistorySize,
  type NewChatCap,
  type OlderMessagesRequest,
  type PhoneAppState,
  type PhoneChange,
  type ProfileChange,
  type SimulatedProfile,
  SimulatorPhones,
} from './simulator-phones.ts';
export { type ProxyMode, TcpProxy } from './tcp-proxy.ts';
