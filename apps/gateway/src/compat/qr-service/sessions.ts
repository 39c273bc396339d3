import type { StoredInstance } from '@flotilla/instance';
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { apiError } from '../../errors.ts';
import { isIdentifier } from '../../identifier.ts';
import { connectInstance, logoutInstance, stopInstance } from '../../instance-control.ts';
import { findInstance } from '../../instance-view.ts';
import { tenantOf } from '../../plugins/access.ts';
import { readQr } from '../current-qr.ts';
import type { DialectParts, DialectRoutes } from '../dialect.ts';
import { neededText, TextOrNumber, textOf } from '../field.ts';
import { createNamed, nameOf } from '../named-instance.ts';
import { recentEvent } from '../recent-event.ts';
import { sendAndWait } from '../sending.ts';
import { readSubscription, subscribe } from '../subscription.ts';
import { isoSeconds, qrServiceStatus, qrServiceStatuses } from './shapes.ts';

const dialect = 'qr-service';
const tags = ['Sessions'];
const success = Type.Literal(true);
const status = Type.Enum([...qrServiceStatuses]);
const SessionParams = Type.Object({ sessionId: Type.String() });
const field = Type.Optional(TextOrNumber);
const SessionBody = Type.Object({ sessionId: field });

/** The session that a body names. */
const namedBy = (parts: DialectParts, request: FastifyRequest) =>
  findInstance(parts, request, neededText(request.body, 'sessionId'));

/** Creates a session, or takes up one that is there, with what its client says of it now. */
async function begin(parts: DialectParts, request: FastifyRequest): Promise<StoredInstance> {
  const { instances } = parts;
  const tenant = tenantOf(request);
  const name = neededText(request.body, 'sessionId');
  const chatbotId = textOf(request.body, 'chatbotId')?.slice(0, 500);
  const known = isIdentifier(name) ? await instances.find(tenant, name) : undefined;
  if (!known) {
    const metadata = chatbotId === undefined ? {} : { metadata: { chatbotId } };
    return createNamed(parts, tenant, { name, ...metadata }, 'sessionId');
  }
  if (chatbotId !== undefined) await instances.update(known, { metadata: { ...known.metadata, chatbotId } });
  await connectInstance(parts, known.id);
  return (await instances.get(known.id)) ?? known;
}

/** When a session was connected last (Unix ms): since when it is, or what its recent events say. */
async function lastConnectedAt(parts: DialectParts, { id, status: now }: StoredInstance): Promise<number | undefined> {
  if (now.state === 'open') return now.since;
  return (await recentEvent(parts, id, 'connection.update', ({ data }) => data.state === 'open'))?.occurredAt;
}

/** All routes but `/health`. */
export const sessionRoutes: DialectRoutes = async (app, parts) => {
  app.post(
    '/init',
    {
      config: { access: 'instances:write' },
      schema: {
        tags,
        summary: 'Begin a session',
        description: 'One that is there already is connected again.',
        body: Type.Object({
          sessionId: field,
          chatbotId: Type.Optional(Type.Union([TextOrNumber, Type.Null()])),
          backendUrl: Type.Optional(
            Type.Union([Type.String(), Type.Null()], {
              description: 'Where the notifications of the session are posted, in place of `BACKEND_URL`',
            }),
          ),
        }),
        response: { 200: Type.Object({ success, sessionId: Type.String(), status }) },
      },
    },
    async (request) => {
      const tenant = tenantOf(request);
      const url = textOf(request.body, 'backendUrl');
      const objection = url === undefined ? undefined : parts.checkWebhookUrl(url);
      if (objection) throw apiError('BAD_WEBHOOK_URL', objection);
      const instance = await begin(parts, request);
      if (url !== undefined && (await readSubscription(parts, tenant, { dialect }))?.url !== url)
        await subscribe(parts, tenant, { dialect, instance: instance.id }, { url });
      const isOpen = qrServiceStatus(instance) === 'connected';
      const word = isOpen ? ('connected' as const) : ('connecting' as const);
      return { success: true as const, sessionId: nameOf(instance), status: word };
    },
  );

  app.get(
    '/qr-code/:sessionId',
    {
      config: { access: 'instances:read' },
      schema: {
        tags,
        summary: 'Get the QR code to scan',
        description: 'Waits up to ten seconds for one.',
        params: SessionParams,
        response: {
          200: Type.Object({
            qrCode: Type.Union([Type.String(), Type.Null()], { description: 'A PNG in a data: URL' }),
            status,
          }),
        },
      },
    },
    async (request, reply) => {
      const found = await findInstance(parts, request, request.params.sessionId);
      const { instance, code } = await readQr(parts, found, reply);
      return { qrCode: code?.dataUrl ?? null, status: code ? ('qr_ready' as const) : qrServiceStatus(instance) };
    },
  );

  app.get(
    '/status/:sessionId',
    {
      config: { access: 'instances:read' },
      schema: {
        tags,
        summary: 'Show how a session is connected',
        params: SessionParams,
        response: {
          200: Type.Object({
            sessionId: Type.String(),
            status,
            lastConnectedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
          }),
        },
      },
    },
    async (request) => {
      const instance = await findInstance(parts, request, request.params.sessionId);
      const at = await lastConnectedAt(parts, instance);
      return {
        sessionId: nameOf(instance),
        status: qrServiceStatus(instance),
        lastConnectedAt: at === undefined ? null : isoSeconds(at),
      };
    },
  );

  app.post(
    '/send',
    {
      config: { access: 'messages:send' },
      schema: {
        tags: ['Messages'],
        summary: 'Send a text',
        description: 'Answered when WhatsApp has acknowledged it, or after 20 seconds.',
        body: Type.Object({ sessionId: field, to: field, message: field }),
        response: {
          200: Type.Object({
            success,
            messageId: Type.String(),
            status: Type.Optional(
              Type.Literal('pending', {
                description: 'Only if WhatsApp had not acknowledged it in time; it still will be sent',
              }),
            ),
          }),
        },
      },
    },
    async (request, reply) => {
      const to = neededText(request.body, 'to');
      const text = neededText(request.body, 'message');
      const instance = await namedBy(parts, request);
      const outcome = await sendAndWait(parts, request, reply, { instance, name: 'send.text', body: { to, text } });
      const isPending = outcome.status === 'queued' || outcome.status === 'sending';
      const sent = { success: true as const, messageId: outcome.messageId };
      return isPending ? { ...sent, status: 'pending' as const } : sent;
    },
  );

  app.post(
    '/disconnect',
    {
      config: { access: 'instances:write' },
      schema: {
        tags,
        summary: 'Log a session out',
        body: SessionBody,
        response: { 200: Type.Object({ success, message: Type.String() }) },
      },
    },
    async (request) => {
      const instance = await namedBy(parts, request);
      if (instance.paired) await logoutInstance(parts, instance);
      else await stopInstance(parts, instance.id);
      return { success: true as const, message: 'Session disconnected' };
    },
  );
};
