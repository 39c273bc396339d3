/**
 * Every Redis key of Flotilla, in one place.
 *
 * A key's hash tag (the part in braces) decides its slot on Redis Cluster, so what one Lua script has to change
 * together shares a tag: everything of one instance, of one worker incarnation, of one webhook endpoint, of one tenant.
 */

const root = 'fl';

/** Keys in the slot of one instance. */
export const instanceKeys = {
  /** BullMQ prefix of the instance's queues; BullMQ puts `:<queue name>:…` behind it. */
  queuePrefix: (instance: string) => `${root}:{${instance}}`,
  /** HASH `owner` (worker incarnation, empty when given away), `epoch` (fencing token; only ever rises). Never expires. */
  ownership: (instance: string) => `${root}:{${instance}}:own`,
  /** HASH: the instance's record (see `InstanceRecord`). */
  record: (instance: string) => `${root}:{${instance}}:record`,
  /** HASH `<category>:<id>` → sealed value: credentials and Signal keys. */
  authState: (instance: string) => `${root}:{${instance}}:auth`,
  /** HASH `<category>:<id>` → sealed value: an auth folder on its way into the auth state. Expires. */
  importStaging: (instance: string, requestId: string) => `${root}:{${instance}}:import:${requestId}`,
  /** HASH: what became of one sent message. Expires. */
  journal: (instance: string, messageId: string) => `${root}:{${instance}}:msg:${messageId}`,
  /** HASH `expiresAt`, `status`, `result` (JSON) or `error`: one request to the open connection. Expires. */
  request: (instance: string, requestId: string) => `${root}:{${instance}}:req:${requestId}`,
  /** STRING: the JID of a phone number on WhatsApp, empty if there is none: the answer to a check. Expires. */
  checkedNumber: (instance: string, phone: string) => `${root}:{${instance}}:number:${phone}`,
  /** STRING: how many unknown numbers the instance has asked for within the hour. Expires. */
  checks: (instance: string) => `${root}:{${instance}}:checks`,
  /** STREAM: the instance's events; entry `0-<sequence>`. Outbox and event log in one. Never deleted while it lives. */
  events: (instance: string) => `${root}:{${instance}}:events`,
  /** STRING: the last sequence that was handed to webhook mailboxes. */
  relayed: (instance: string) => `${root}:{${instance}}:relayed`,
  /** STRING: marks a fenced batch as done, so that repeating it changes nothing. Expires. */
  once: (instance: string, token: string) => `${root}:{${instance}}:once:${token}`,
  /** HASH: the messages of the history, and what has become of each (see `@flotilla/history`). */
  history: (instance: string) => `${root}:{${instance}}:history`,
  /** ZSET message → time (ms): all messages of the history. */
  historyTimes: (instance: string) => `${root}:{${instance}}:history:times`,
  /** ZSET message → time (ms): those of one chat. */
  historyOfChat: (instance: string, jid: string) => `${root}:{${instance}}:history:chat:${jid}`,
  /** HASH: reactions to one message of the history, and votes. */
  historyResponses: (instance: string, messageId: string) => `${root}:{${instance}}:history:to:${messageId}`,
  /** ZSET JID → time of the last message (ms): the chats. */
  chats: (instance: string) => `${root}:{${instance}}:chats`,
  /** HASH: one chat. */
  chat: (instance: string, jid: string) => `${root}:{${instance}}:chat:${jid}`,
  /** ZSET JID → when it was first heard of (ms): the contacts. */
  contacts: (instance: string) => `${root}:{${instance}}:contacts`,
  /** HASH: one contact. */
  contact: (instance: string, jid: string) => `${root}:{${instance}}:contact:${jid}`,
  /** ZSET LID → when a phone number was first known for it (ms). */
  lids: (instance: string) => `${root}:{${instance}}:lids`,
  /** HASH: which phone number each LID belongs to, and back, by source. */
  lidMappings: (instance: string) => `${root}:{${instance}}:lid-mappings`,
  /** HASH file → JSON: files of messages that have yet to be fetched. */
  pendingFiles: (instance: string) => `${root}:{${instance}}:files`,
  /** ZSET file → when it is tried next (ms). */
  pendingFilesDue: (instance: string) => `${root}:{${instance}}:files:due`,
  /** HASH `<kind>:<JID>` → fingerprint of what was told last of groups, contacts and the like, which repeat themselves. */
  told: (instance: string) => `${root}:{${instance}}:told`,
  /** HASH participant → status and time: who of a group or audience has got or seen one message. Expires. */
  receipts: (instance: string, messageId: string) => `${root}:{${instance}}:receipts:${messageId}`,
  /** HASH: how many messages came and went. */
  counts: (instance: string) => `${root}:{${instance}}:counts`,
} as const;

/** Keys in the slot of one worker incarnation. */
export const workerKeys = {
  /** HASH `exp` (ms, Redis' clock), `address`, `dead` ("1" once declared), `startedAt`, `capacity`, `load`, `draining`. */
  lease: (incarnation: string) => `${root}:{w:${incarnation}}:lease`,
  /** SET of instances that this incarnation holds or is about to claim: what a survivor takes over. */
  instances: (incarnation: string) => `${root}:{w:${incarnation}}:instances`,
  /** LIST of instance ids whose owner should look at its queues (see `Wake`). */
  wake: (incarnation: string) => `${root}:{w:${incarnation}}:wake`,
} as const;

/** Keys of one tenant. */
export const tenantKeys = {
  /** HASH: the tenant's record. */
  record: (tenant: string) => `${root}:{t:${tenant}}:record`,
  /** ZSET instance id → creation time (ms): what listing pages through. */
  instances: (tenant: string) => `${root}:{t:${tenant}}:instances`,
  /** HASH alias → instance id. */
  aliases: (tenant: string) => `${root}:{t:${tenant}}:aliases`,
  /** HASH key id → JSON of an API key without its secret. */
  apiKeys: (tenant: string) => `${root}:{t:${tenant}}:keys`,
  /** HASH endpoint id → JSON of the webhook endpoint (secrets sealed). */
  endpoints: (tenant: string) => `${root}:{t:${tenant}}:endpoints`,
  /** STREAM: what happened at all instances, as pointers into their logs: `i` instance, `s` sequence, `t` type. */
  feed: (tenant: string) => `${root}:{t:${tenant}}:feed`,
  /** STRING: the last sequence of an instance that is in the feed. Expires. */
  fed: (tenant: string, instance: string) => `${root}:{t:${tenant}}:fed:${instance}`,
} as const;

/** Keys in the slot of one webhook endpoint. */
export const endpointKeys = {
  /**
   * LIST of events that wait for this endpoint, oldest first. One for each instance, so that its order is kept; where
   * none is wanted, one for each event: `<instance>~<sequence>`.
   */
  mailbox: (endpoint: string, mailbox: string) => `${root}:{e:${endpoint}}:box:${mailbox}`,
  /** LIST of mailboxes whose head may be tried, in the order of their turns. May name one twice, or an empty one. */
  ready: (endpoint: string) => `${root}:{e:${endpoint}}:ready`,
  /** ZSET mailbox → when its head is tried again (ms). */
  due: (endpoint: string) => `${root}:{e:${endpoint}}:due`,
  /** SET of instances of which events have stayed in the log, because there was no room in the mailboxes. */
  behind: (endpoint: string) => `${root}:{e:${endpoint}}:behind`,
  /** STRING: how many events wait in all mailboxes. */
  backlog: (endpoint: string) => `${root}:{e:${endpoint}}:backlog`,
  /** HASH instance → last sequence put into its mailbox: relaying twice adds nothing. */
  accepted: (endpoint: string) => `${root}:{e:${endpoint}}:accepted`,
  /** ZSET mailbox → expiry (ms): requests in flight, at most one for each mailbox, and no more than the endpoint may have. */
  inFlight: (endpoint: string) => `${root}:{e:${endpoint}}:inflight`,
  /** HASH `failures`, `openUntil`, …: the breaker. */
  health: (endpoint: string) => `${root}:{e:${endpoint}}:health`,
  /** HASH: since when and by what the endpoint is failing, and what the tenant has yet to be told of it. Expires. */
  alert: (endpoint: string) => `${root}:{e:${endpoint}}:alert`,
  /** STREAM: the newest deliveries that succeeded at the first attempt. */
  successes: (endpoint: string) => `${root}:{e:${endpoint}}:successes`,
  /** STRING, a bit for each sequence of a part of an instance's log: what was delivered. Expires. */
  delivered: (endpoint: string, part: string) => `${root}:{e:${endpoint}}:delivered:${part}`,
  /** ZSET delivery id → time (ms): the newest deliveries that took more than one attempt, for listing. */
  deliveries: (endpoint: string) => `${root}:{e:${endpoint}}:deliveries`,
  /** STRING JSON: one delivery with its attempts. Expires. */
  delivery: (endpoint: string, delivery: string) => `${root}:{e:${endpoint}}:delivery:${delivery}`,
  /** ZSET delivery id → time (ms): the endpoint's dead-letter queue. */
  deadLetters: (endpoint: string) => `${root}:{e:${endpoint}}:dead`,
  /** STRING JSON: the event of one dead letter. */
  deadLetter: (endpoint: string, delivery: string) => `${root}:{e:${endpoint}}:dead:${delivery}`,
  /** HASH: attempts of a span of time, counted by outcome and duration. Expires. */
  stats: (endpoint: string, span: string) => `${root}:{e:${endpoint}}:stats:${span}`,
  /** ZSET replay → when it was asked for (ms). */
  replays: (endpoint: string) => `${root}:{e:${endpoint}}:replays`,
  /** HASH: one replay, what it is to send and how far it is. Expires some time after its end. */
  replay: (endpoint: string, replay: string) => `${root}:{e:${endpoint}}:replay:${replay}`,
} as const;

/** Keys of the whole fleet. None of them decides ownership: they only say where to look. */
export const fleetKeys = {
  /** ZSET incarnation → last renewal (ms, Redis' clock). */
  workers: `${root}:workers`,
  /** ZSET instance → time (ms): instances with commands that may wait unseen, for the sweep. */
  pending: `${root}:pending`,
  /** ZSET `<tenant> <instance>` → since when (µs, Redis' clock): instances with events that nobody has begun to relay. */
  news: `${root}:{relay}:news`,
  /** ZSET `<tenant> <instance>` → from when on (µs, Redis' clock) somebody else has to relay what was noted in `news`. */
  owedRelays: `${root}:{relay}:owed`,
  /** ZSET: its one entry wakes a worker that waits for `news` and has to end. Expires. */
  stopRelays: (process: string) => `${root}:{relay}:stop:${process}`,
  /** ZSET `<tenant> <endpoint> <process>` → when it is owed (ms, Redis' clock): turns that were begun without a job. */
  owedTurns: `${root}:owed-turns`,
  /** ZSET tenant → creation time (ms). */
  tenants: `${root}:tenants`,
  /** ZSET instance → creation time (ms), over all tenants. */
  instances: `${root}:instances`,
  /** HASH of the WhatsApp web version that the fleet uses: `version`, `fetchedAt`, `pinned`. */
  webVersion: `${root}:web-version`,
  /** HASH: the fleet-wide budget of logins (token bucket). */
  connectBudget: `${root}:connect-budget`,
  /** HASH tenant → bytes that its files take; `<tenant>:counted` → when they were last counted (Unix ms). */
  mediaUsage: `${root}:media-usage`,
  /** HASH: how far the sweep of stored files has come, and what it has counted for the tenant it is at. */
  mediaSweep: `${root}:media-sweep`,
  /** STRING: who sweeps at the moment. Expires within a minute. */
  mediaSweeper: `${root}:media-sweeper`,
  /** SET of tenants that were deleted and whose files the sweep has yet to remove. */
  mediaRemovals: `${root}:media-removals`,
  /** HASH sha256 of an API key → `{tenant, id}`; one key per hash so that it spreads over a cluster. */
  apiKey: (sha256: string) => `${root}:key:${sha256}`,
  /** STRING sha256 of an imported device's JID → `<instance> <request>`: which import may use its credentials. */
  device: (sha256: string) => `${root}:device:${sha256}`,
  /** STRING sha256 of a ticket for an event stream → JSON of whom it stands for. Expires; deleted when it is used. */
  ticket: (sha256: string) => `${root}:ticket:${sha256}`,
} as const;

/** STRING: a place in the stream of writes to the slot of a key, which replicas are asked for. Expires. */
export const replicationMark = (key: string) => `${root}:{${/\{([^}]+)\}/.exec(key)?.[1] ?? key}}:replicated`;

/** Pub/sub channels. Lossy on purpose: a message says only "look again". */
export const channels = {
  /** The instance's record or one of its journals changed. Published by the script that changed it. */
  changed: (instance: string) => `${root}:changed:${instance}`,
  /** There are new entries in the tenant's feed. Published by the script that appended them. */
  fed: (tenant: string) => `${root}:fed:${tenant}`,
} as const;
