import Type, { type Static } from 'typebox';
import { EventEnvelope } from './events/envelope.ts';
import { PageQuery } from './pages.ts';
import { DeadLetter, Delivery, deliveryStates, eventPatterns } from './webhooks.ts';

/** Why an attempt failed. */
export const attemptErrors = ['timeout', 'connect', 'address-refused', 'status'] as const;

/** What the last attempt was answered with. */
export const statusClasses = ['2xx', '3xx', '4xx', '5xx', 'none'] as const;
export type StatusClass = (typeof statusClasses)[number];

const types = Type.Array(Type.Enum([...eventPatterns]), {
  minItems: 1,
  maxItems: 50,
  description: 'Only events of these types; `messages.*` stands for all that begin so',
});
const instances = Type.Array(Type.String({ maxLength: 64 }), {
  minItems: 1,
  maxItems: 1_000,
  description: 'Only events of these instances, by id',
});

/** What lists of deliveries and of dead letters can be narrowed by. */
const narrowing = {
  type: Type.Optional(
    Type.Enum([...eventPatterns], {
      description: 'Only events of this type; `messages.*` stands for all that begin so',
    }),
  ),
  instance: Type.Optional(Type.String({ maxLength: 64, description: 'Only events of this instance, by id' })),
  from: Type.Optional(Type.Integer({ minimum: 0, description: 'Only what changed at this time or later (Unix ms)' })),
  to: Type.Optional(Type.Integer({ minimum: 0, description: 'Only what changed at this time or before (Unix ms)' })),
  status: Type.Optional(
    Type.Enum([...statusClasses], {
      description: 'Only those whose last attempt was answered so; `none`: there was no answer',
    }),
  ),
  error: Type.Optional(Type.Enum([...attemptErrors], { description: 'Only those whose last attempt failed so' })),
};
const webhook = Type.Optional(Type.String({ maxLength: 64, description: 'Only those of this webhook' }));

export const DeliveryQuery = Type.Object(
  {
    ...PageQuery.properties,
    ...narrowing,
    state: Type.Optional(Type.Enum([...deliveryStates], { description: 'Only those in this state' })),
  },
  { additionalProperties: false },
);
export type DeliveryQuery = Static<typeof DeliveryQuery>;

export const TenantDeliveryQuery = Type.Object(
  { ...DeliveryQuery.properties, webhook },
  { additionalProperties: false },
);

export const DeadLetterQuery = Type.Object(
  { ...PageQuery.properties, ...narrowing, webhook },
  { additionalProperties: false },
);
export type DeadLetterQuery = Static<typeof DeadLetterQuery>;

/** What deliveries are narrowed by, besides their state. */
export type Narrowing = Omit<DeadLetterQuery, 'limit' | 'cursor' | 'webhook'>;

/** A delivery with what it delivers. */
export const DeliveryDetail = Type.Object(
  {
    ...Delivery.properties,
    event: Type.Optional(EventEnvelope),
  },
  { $id: 'DeliveryDetail', description: '`event` is absent if the log does not keep it any more' },
);
export type DeliveryDetail = Static<typeof DeliveryDetail>;

/** A dead letter with what it is about. */
export const DeadLetterDetail = Type.Object(
  { ...DeadLetter.properties, event: EventEnvelope },
  { $id: 'DeadLetterDetail' },
);
export type DeadLetterDetail = Static<typeof DeadLetterDetail>;

/** Which dead letters are redriven or purged together. */
export const DeadLetterSelection = Type.Object(
  {
    webhook: Type.String({ maxLength: 64, description: 'Those of this webhook' }),
    type: narrowing.type,
    instance: narrowing.instance,
    from: Type.Optional(Type.Integer({ minimum: 0, description: 'Only what died at this time or later (Unix ms)' })),
    to: Type.Optional(Type.Integer({ minimum: 0, description: 'Only what died at this time or before (Unix ms)' })),
    status: narrowing.status,
    error: narrowing.error,
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000, default: 1_000, description: 'How many at most, the earliest first' }),
    ),
  },
  { additionalProperties: false },
);
export type DeadLetterSelection = Static<typeof DeadLetterSelection>;

/** What came of it. */
export const SelectionResult = Type.Object(
  {
    count: Type.Integer({ description: 'How many it was done to' }),
    more: Type.Boolean({ description: 'Whether there are others that fit: ask again' }),
  },
  { $id: 'SelectionResult' },
);
export type SelectionResult = Static<typeof SelectionResult>;

/**
 * States of a replay:
 * - `queued`: nobody has begun
 * - `running`: events are sent
 * - `done`: each was delivered or has become a dead letter
 * - `cancelled`: somebody has stopped it; what had been sent is sent
 * - `failed`: it cannot go on; `reason` says why
 */
export const replayStates = ['queued', 'running', 'done', 'cancelled', 'failed'] as const;
export type ReplayState = (typeof replayStates)[number];

export const CreateReplay = Type.Object(
  {
    from: Type.Optional(Type.Integer({ minimum: 0, description: 'Events from this time on (Unix ms)' })),
    since: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'Everything that was missed since this time (Unix ms): `from` with `missedOnly`',
      }),
    ),
    to: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'Events up to this time (Unix ms). Default: all that have happened by now',
      }),
    ),
    events: Type.Optional(types),
    instances: Type.Optional(instances),
    missedOnly: Type.Optional(
      Type.Boolean({ description: 'Only events that the webhook has not had and that do not wait for it' }),
    ),
    target: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'Another webhook of yours that gets them, such as a new one. Default: the same',
      }),
    ),
    perSecond: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000,
        default: 50,
        description: 'How many events are sent in a second at most',
      }),
    ),
  },
  { additionalProperties: false },
);
export type CreateReplay = Static<typeof CreateReplay>;

const count = (description: string) => Type.Integer({ description });

/** Events of an instance that a replay cannot send, because its log does not go back so far. */
export const OutOfReach = Type.Object({
  instance: Type.String(),
  oldestSequence: Type.Integer({ description: 'Of the oldest event that is kept' }),
  oldestAt: Type.Integer({ description: 'When that happened (Unix ms)' }),
});

export const Replay = Type.Object(
  {
    id: Type.String(),
    webhook: Type.String({ description: 'Whose events they are: what it wants, and what it missed' }),
    target: Type.String({ description: 'The webhook that gets them' }),
    state: Type.Enum([...replayStates]),
    reason: Type.Optional(Type.String({ description: 'Why it failed' })),
    from: Type.Integer({ description: 'Unix ms' }),
    to: Type.Integer({ description: 'Unix ms' }),
    missedOnly: Type.Boolean(),
    events: Type.Optional(Type.Array(Type.String())),
    instances: Type.Optional(Type.Array(Type.String())),
    perSecond: Type.Integer(),
    createdAt: Type.Integer({ description: 'Unix ms' }),
    startedAt: Type.Optional(Type.Integer({ description: 'Unix ms' })),
    endedAt: Type.Optional(Type.Integer({ description: 'Unix ms' })),
    counts: Type.Object({
      instances: count('Instances whose logs are looked through'),
      instancesDone: count('Those that have been looked through'),
      found: count('Events that are to be sent, so far'),
      delivered: count('Those that were delivered'),
      dead: count('Those that have become dead letters'),
      skipped: count("Those that have no counterpart in the webhook's format"),
      waiting: count('Those that are still to be sent, of `found`'),
    }),
    truncated: Type.Array(OutOfReach, {
      description: 'Instances of which not everything since `from` is kept, at most 100 of them',
    }),
  },
  { $id: 'Replay' },
);
export type Replay = Static<typeof Replay>;

const spread = Type.Object({
  p50: Type.Integer({ description: 'Half of them took no longer (ms)' }),
  p99: Type.Integer({ description: '99 of 100 took no longer (ms)' }),
});

const period = Type.Object({
  attempts: Type.Integer(),
  outcomes: Type.Object({
    delivered: Type.Integer(),
    retrying: count('Failed, to be tried again'),
    dead: count('Failed for the last time'),
    disabled: count('Answered with 410'),
  }),
  successRate: Type.Optional(Type.Number({ description: '0 to 1, of attempts; absent without any' })),
  duration: Type.Optional(spread),
  lag: Type.Optional(spread),
});

export const WebhookStats = Type.Object(
  {
    webhook: Type.String(),
    hour: period,
    day: period,
    backlog: Type.Object({
      events: count('Events that wait'),
      mailboxes: count('Instances, replays and the like with events that wait'),
      oldestAt: Type.Optional(Type.Integer({ description: 'When the oldest of them was accepted (Unix ms)' })),
      ageMs: count('How long the oldest of them has waited'),
    }),
    deadLetters: Type.Integer(),
    breaker: Type.Object({
      state: Type.Enum(['closed', 'open', 'half-open']),
      failures: count('Failed attempts since the last success'),
      until: Type.Optional(Type.Integer({ description: 'When the next attempt may be made (Unix ms)' })),
    }),
    failingSince: Type.Optional(
      Type.Integer({ description: 'Since when the webhook counts as failing (Unix ms); absent while it does not' }),
    ),
  },
  {
    $id: 'WebhookStats',
    description:
      '`duration` is that of attempts, `lag` the time from an event to its delivery. Both are right to within an eighth. Counts are a few seconds old',
  },
);
export type WebhookStats = Static<typeof WebhookStats>;
