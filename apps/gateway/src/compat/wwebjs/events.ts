import type { IncomingMessage } from 'node:http';
import { refusalCloseCode } from '@flotilla/contracts';
import { type FormatContext, formats } from '@flotilla/format';
import { feedBounds } from '@flotilla/instance';
import type { FastifyError, FastifyRequest } from 'fastify';
import { toDataURL } from 'qrcode';
import Type, { type Static } from 'typebox';
import type { WebSocket } from 'ws';
import { apiError } from '../../errors.ts';
import { findInstance } from '../../instance-view.ts';
import { describeError } from '../../live/event-stream.ts';
import { createFilter } from '../../live/filter.ts';
import { type ReadyStream, streamScope } from '../../live/live-events.ts';
import { closeSocket } from '../../live/socket-flow.ts';
import type { Parts } from '../../parts.ts';
import { toApiError } from '../../plugins/errors.ts';
import { compatPath, type DialectParts, type DialectRoutes } from '../dialect.ts';
import { withPhone } from '../linked-phone.ts';
import { EventSocket } from './event-socket.ts';

/** Where a client may connect: the document names no path. */
const paths = ['/', '/ws'];
const upgradable = new Set(['', ...paths].map((path) => `${compatPath}/wwebjs${path}`));

/** Whether a request asks for the WebSocket of this dialect. */
export const isUpgradeToWwebjs = ({ url, method, headers }: IncomingMessage): boolean =>
  method === 'GET' && upgradable.has(url?.split('?')[0] ?? '') && headers.upgrade?.toLowerCase() === 'websocket';

const Query = Type.Object({
  sessionId: Type.Optional(Type.String({ maxLength: 100, description: 'Only events of one session. Default: of all' })),
  ticket: Type.Optional(
    Type.String({ maxLength: 100, description: 'Instead of a key, for browsers: see `POST /v1/events/ticket`' }),
  ),
});
type Request = FastifyRequest<{ Querystring: Static<typeof Query> }>;

/** How long an instance is not read again (ms), and how many are remembered. */
const maxAgeMs = 3_000;
const mostKept = 1_000;

/** Reads what the format may know of instances. */
function createContexts(parts: Pick<Parts, 'instances' | 'redis'>) {
  const kept = new Map<string, { readAt: number; context: FormatContext }>();
  const qrDataUrl = (text: string) => toDataURL(text, { width: 400 });
  return async (id: string): Promise<FormatContext> => {
    const now = performance.now();
    const known = kept.get(id);
    // Messages follow at once when a phone has been linked, and have its number in them.
    const isComplete = known?.context.instance.phone !== undefined;
    if (known && isComplete && now - known.readAt < maxAgeMs) return known.context;
    // Also one that its tenant has deleted: its last events are still under way.
    const record = await parts.instances.read(id);
    if (!record) return known?.context ?? { instance: { id, name: '' }, qrDataUrl };
    const { alias, name, metadata, status } = await withPhone(parts, record);
    const { phone, pushName, jid } = status;
    const context = { instance: { id, alias, name, metadata, phone, pushName, jid }, qrDataUrl };
    if (kept.size >= mostKept) kept.clear();
    kept.set(id, { readAt: now, context });
    return context;
  };
}

/** @param after the position to begin after */
async function openStream(parts: DialectParts, request: Request, after: string | undefined): Promise<ReadyStream> {
  const { holder, query } = request;
  if (!holder) throw apiError('KEY_MISSING');
  const { sessionId } = query;
  const instances = sessionId === undefined ? [] : [(await findInstance(parts, request, sessionId)).id];
  const filter = createFilter(instances, [...formats.wwebjs.events]);
  return parts.liveEvents.open({ holder, filter, after });
}

/** The WebSocket: `connection_update` and `message`, as they happen. */
export const eventRoutes: DialectRoutes = async (app, parts) => {
  const contextOf = createContexts(parts);
  /** Where each client begins: whoever sees its WebSocket open hears of everything from then on. */
  const beginnings = new WeakMap<Request, string>();

  const overWebSocket = async (socket: WebSocket, request: Request) => {
    let stream: ReadyStream;
    try {
      stream = await openStream(parts, request, beginnings.get(request));
    } catch (error) {
      const { statusCode = 500, code } = toApiError(error as FastifyError, request);
      return await closeSocket(socket, refusalCloseCode(statusCode), code);
    }
    const onError = (error: Error) => request.log.error({ error: describeError(error) }, 'events.not-shown');
    await stream.run(new EventSocket(socket, contextOf, onError));
  };

  for (const path of paths)
    app.route({
      method: 'GET',
      url: path,
      prefixTrailingSlash: 'both',
      exposeHeadRoute: false,
      config: { access: streamScope, takesTickets: true },
      schema: {
        tags: ['WebSocket Interface'],
        summary: 'Follow events as they happen',
        description:
          'A WebSocket. Each message is `{event, sessionId, data}`; `event` is `connection_update` or `message`.',
        querystring: Query,
        response: {
          101: { description: 'A WebSocket', content: { 'application/json': { schema: Type.Object({}) } } },
        },
      },
      preHandler: async (request: Request) => {
        const bounds = request.holder && (await feedBounds(parts.redis, request.holder.tenant));
        if (bounds) beginnings.set(request, bounds.newest);
      },
      handler: async (request) => {
        throw apiError('ROUTE_NOT_FOUND', `${request.method} of this without a WebSocket`);
      },
      wsHandler: overWebSocket,
    });
};
