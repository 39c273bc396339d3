import Type, { type TSchema } from 'typebox';

const webhook = Type.String({ description: 'Id of the webhook' });
const since = Type.Integer({ description: 'Since when it fails (Unix ms)' });

/** What happens to the tenant's own webhooks. Of these `instance` is the tenant's id. */
export const webhookEvents = {
  'webhook.failing': Type.Object(
    {
      webhook,
      since,
      reason: Type.Enum(['event', 'breaker'], {
        description:
          '`event`: one event has failed several times. `breaker`: so many failed in a row that attempts are paused',
      }),
      eventId: Type.String({ description: 'The event that failed last' }),
      status: Type.Optional(Type.Integer({ description: 'What the last attempt was answered with' })),
      error: Type.Optional(Type.String({ description: 'Why the last attempt failed' })),
    },
    { description: 'A webhook fails. Told once, until it has recovered' },
  ),
  'webhook.recovered': Type.Object(
    { webhook, since },
    { description: 'A webhook that was failing takes events again' },
  ),
  'webhook.disabled': Type.Object(
    { webhook, reason: Type.String() },
    { description: 'A webhook was switched off: it answered 410, or failed for days' },
  ),
  'webhook.dead-letter': Type.Object(
    {
      webhook,
      deadLetter: Type.String({ description: 'Id of the dead letter' }),
      eventId: Type.String(),
      source: Type.String({ description: 'The instance of that event' }),
      eventType: Type.String(),
    },
    { description: 'An event was given up. Told at most once an hour for each webhook; the list has them all' },
  ),
} as const satisfies Record<string, TSchema>;
