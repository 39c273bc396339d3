import { EventEnvelope, type EventType, events } from '@flotilla/contracts';
import { withReferences } from './named-schemas.ts';

/** Headers of Standard Webhooks 1.0, which every delivery has. */
const headers = {
  'webhook-id': "The event's id: the same each time it comes",
  'webhook-timestamp': 'When this attempt was made, in Unix seconds',
  'webhook-signature':
    'HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces',
};

/** An event of one type as it is posted. */
function bodyOf(type: EventType) {
  const { $id: _name, properties, ...envelope } = EventEnvelope as typeof EventEnvelope & { $id?: string };
  const schema = { ...envelope, properties: { ...properties, type: { const: type }, data: events[type] } };
  return withReferences(schema) as Record<string, unknown>;
}

/** What the API posts to webhooks of the native format, event by event: the `webhooks` of OpenAPI 3.1. */
export function eventWebhooks() {
  return Object.fromEntries(
    Object.entries<{ type: string; description?: string }>(events).map(([type, { description: summary }]) => [
      type,
      {
        post: {
          operationId: `on ${type}`.replace(/[^a-z]+([a-z])/g, (_, letter: string) => letter.toUpperCase()),
          tags: ['Webhooks'],
          summary,
          description: 'Posted to endpoints that asked for it.',
          parameters: Object.entries(headers).map(([name, description]) => ({
            name,
            in: 'header' as const,
            required: true,
            description,
            schema: { type: 'string' as const },
          })),
          requestBody: { required: true, content: { 'application/json': { schema: bodyOf(type as EventType) } } },
          responses: { '2XX': { description: 'It has arrived. Anything else is a failure, and it comes again' } },
        },
      },
    ]),
  );
}
