import type { IncomingMessage } from 'node:http';
import { EventTicket, refusalCloseCode, StreamMessage, streamEnds } from '@flotilla/contracts';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import type { WebSocket } from 'ws';
import { apiError } from '../errors.ts';
import { findInstance } from '../instance-view.ts';
import { createFilter, unknownPattern } from '../live/filter.ts';
import { type ReadyStream, streamScope } from '../live/live-events.ts';
import { SseSink } from '../live/sse-sink.ts';
import { closeWebSocket, WebSocketSink } from '../live/websocket-sink.ts';
import type { Parts, Routes } from '../parts.ts';
import { toApiError } from '../plugins/errors.ts';

const list = (description: string) =>
  Type.Optional(
    Type.Union([Type.Array(Type.String({ maxLength: 2_000 }), { maxItems: 100 }), Type.String({ maxLength: 8_000 })], {
      description,
    }),
  );

/** A position in a tenant's feed, or the beginning. */
const position = '^(0|[0-9]{1,15}-[0-9]{1,15})$';

const EventsQuery = Type.Object(
  {
    instance: list('Only events of these instances: ids, comma separated or repeated. Default: of all'),
    types: list(
      'Only events of these types: names such as `messages.upsert` and beginnings such as `connection.*`, comma separated or repeated. Default: all',
    ),
    after: Type.Optional(
      Type.String({
        pattern: position,
        description:
          'The id of the last event that was seen: go on behind it. `0`: from the oldest that is kept. Default: from now on',
      }),
    ),
    ticket: Type.Optional(
      Type.String({ maxLength: 100, description: 'Instead of a key, for browsers: see `POST /v1/events/ticket`' }),
    ),
  },
  { additionalProperties: false },
);
type EventsQuery = Static<typeof EventsQuery>;

const EventsHeaders = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      pattern: position,
      description: 'The same as `after`, which it overrides: browsers send it when they connect again',
    }),
  ),
});

const entriesOf = (value: string | readonly string[] | undefined): string[] =>
  [value ?? []]
    .flat()
    .flatMap((text) => text.split(','))
    .map((entry) => entry.trim())
    .filter(Boolean);

/** What a request asks for, as a stream that may begin. */
async function openStream(
  parts: Parts,
  request: FastifyRequest<{ Querystring: EventsQuery; Headers: Static<typeof EventsHeaders> }>,
): Promise<ReadyStream> {
  const { holder, query, headers } = request;
  if (!holder) throw apiError('KEY_MISSING');
  const patterns = entriesOf(query.types);
  const unknown = unknownPattern(patterns);
  if (unknown !== undefined)
    throw apiError('VALIDATION', `query/types: there is no event type ${shownPattern(unknown)}`);
  const named = [...new Set(entriesOf(query.instance))];
  if (named.length > 100) throw apiError('VALIDATION', 'query/instance: must have at most 100 entries');
  const instances = await Promise.all(named.map(async (name) => (await findInstance(parts, request, name)).id));
  return parts.liveEvents.open({
    holder,
    filter: createFilter(instances, patterns),
    after: headers['last-event-id'] ?? query.after,
  });
}

const shownPattern = (pattern: string) => (/^[\w.*-]{1,50}$/.test(pattern) ? pattern : 'like that');

/** Headers that hooks have set, for a response that is written past the framework. */
const headersOf = (reply: FastifyReply) =>
  Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]));

/**
 * Whether a request to change the protocol is taken up. All others are answered as if they had not asked: some clients
 * offer HTTP/2 with their first request, whatever it is.
 */
export const isUpgradeToEvents = ({ url, method, headers }: IncomingMessage): boolean =>
  method === 'GET' && url?.split('?')[0] === '/v1/events' && headers.upgrade?.toLowerCase() === 'websocket';

/** `/v1/events`: what happens, as it happens. */
export const eventRoutes: Routes = async (app, parts) => {
  const { tickets } = parts;

  // The server has given the socket of a handshake away: when it was refused, nobody else closes it.
  app.addHook('onResponse', async ({ raw }) => {
    if (isUpgradeToEvents(raw)) raw.socket.destroy();
  });

  app.post(
    '/v1/events/ticket',
    {
      config: { access: streamScope },
      schema: {
        operationId: 'createEventTicket',
        tags: ['Events'],
        summary: 'Get a ticket for one event stream',
        description:
          'For browsers, which can send no header with an `EventSource` or a `WebSocket`. Your server asks for it and hands it to the page, which puts it into the query. It is good for one stream that begins within a minute; the stream ends when the key that asked for it is revoked.',
        response: { 201: EventTicket },
      },
    },
    async (request, reply) => {
      if (!request.holder) throw apiError('KEY_MISSING');
      reply.header('cache-control', 'no-store');
      return reply.code(201).send(await tickets.create(request.holder));
    },
  );

  const sse = async (
    request: FastifyRequest<{ Querystring: EventsQuery; Headers: Static<typeof EventsHeaders> }>,
    reply: FastifyReply,
  ) => {
    const stream = await openStream(parts, request).catch((error: unknown) => {
      reply.header('access-control-allow-origin', '*');
      throw error;
    });
    const headers = headersOf(reply);
    reply.hijack();
    await stream.run(new SseSink(reply.raw, headers));
  };

  const overWebSocket = async (
    socket: WebSocket,
    request: FastifyRequest<{ Querystring: EventsQuery; Headers: Static<typeof EventsHeaders> }>,
  ) => {
    const { closeCode, message } = streamEnds.VALIDATION;
    socket.on('message', () => void closeWebSocket(socket, closeCode, { code: 'VALIDATION', message }));
    let stream: ReadyStream;
    try {
      stream = await openStream(parts, request);
    } catch (error) {
      // A browser sees nothing of a handshake that is refused: it gets the reason when the WebSocket is open.
      const { statusCode = 500, code, message } = toApiError(error as FastifyError, request);
      return await closeWebSocket(socket, refusalCloseCode(statusCode), { code, message });
    }
    await stream.run(new WebSocketSink(socket));
  };

  app.route({
    method: 'GET',
    url: '/v1/events',
    exposeHeadRoute: false,
    config: {
      access: streamScope,
      takesTickets: true,
      errors: ['INSTANCE_NOT_FOUND', 'EVENTS_LOST', 'TOO_MANY_STREAMS', 'TICKET_INVALID'],
    },
    schema: {
      operationId: 'streamEvents',
      tags: ['Events'],
      summary: 'Follow events as they happen',
      description:
        'Server-sent events, or a WebSocket if the request asks for one (each message is a `StreamMessage`). The `id` of each event, or `cursor`, is where to go on: whoever connects again with the last one, through any gateway, misses nothing that is kept and gets nothing twice.',
      querystring: EventsQuery,
      headers: EventsHeaders,
      response: {
        200: {
          description:
            'Each event as `data`. Named events: `heartbeat` (a sign of life), `gap` (events that are not kept any more), `end` (why the stream ends)',
          content: { 'text/event-stream': { schema: Type.String() } },
        },
        101: { description: 'A WebSocket', content: { 'application/json': { schema: StreamMessage } } },
      },
    },
    handler: sse,
    wsHandler: overWebSocket,
  });
};
