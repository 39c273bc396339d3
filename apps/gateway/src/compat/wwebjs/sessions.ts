import { randomUUID } from 'node:crypto';
import Type from 'typebox';
import { removeInstance } from '../../instance-control.ts';
import { findInstance } from '../../instance-view.ts';
import { tenantOf } from '../../plugins/access.ts';
import { readQr } from '../current-qr.ts';
import type { DialectRoutes } from '../dialect.ts';
import { TextOrNumber, textOf } from '../field.ts';
import { withPhone } from '../linked-phone.ts';
import { allInstances, createNamed, nameOf } from '../named-instance.ts';
import { Session, SessionParams, sessionStatus, sessionStatuses, toSession } from './shapes.ts';

const tags = ['Session Management'];
const success = Type.Literal(true);
const OneSession = Type.Object({ success, ...Session.properties });

/** `/api/sessions`. */
export const sessionRoutes: DialectRoutes = async (app, parts) => {
  app.get(
    '/api/sessions',
    {
      config: { access: 'instances:read' },
      schema: {
        tags,
        summary: 'List all sessions',
        response: { 200: Type.Object({ success, sessions: Type.Array(Session) }) },
      },
    },
    async (request) => {
      const all = await allInstances(parts, tenantOf(request));
      const known = await Promise.all(all.map((instance) => withPhone(parts, instance)));
      return { success: true as const, sessions: known.map(toSession) };
    },
  );

  app.post(
    '/api/sessions',
    {
      config: { access: 'instances:write' },
      schema: {
        tags,
        summary: 'Create a session',
        description: 'It connects at once: ask for its QR code next.',
        body: Type.Optional(
          Type.Union([
            Type.Object({
              sessionId: Type.Optional(Type.Union([TextOrNumber, Type.Null()], { description: 'Default: a new one' })),
              id: Type.Optional(TextOrNumber),
              name: Type.Optional(TextOrNumber),
            }),
            Type.Null(),
          ]),
        ),
        response: { 201: OneSession },
      },
    },
    async (request, reply) => {
      const name = textOf(request.body, 'sessionId', 'id', 'name') ?? randomUUID();
      const created = await createNamed(parts, tenantOf(request), { name }, 'sessionId');
      return reply.code(201).send({ success: true as const, ...toSession(created) });
    },
  );

  app.get(
    '/api/sessions/:sessionId',
    {
      config: { access: 'instances:read' },
      schema: { tags, summary: 'Get session status', params: SessionParams, response: { 200: OneSession } },
    },
    async (request) => ({
      success: true as const,
      ...toSession(await withPhone(parts, await findInstance(parts, request, request.params.sessionId))),
    }),
  );

  app.get(
    '/api/sessions/:sessionId/qr',
    {
      config: { access: 'instances:read' },
      schema: {
        tags,
        summary: 'Get QR code for session authentication',
        description: 'Waits up to ten seconds for one. `qr` is null once a phone is linked.',
        params: SessionParams,
        response: {
          200: Type.Object({
            success,
            sessionId: Type.String(),
            status: Type.Enum([...sessionStatuses]),
            qr: Type.Union([Type.String(), Type.Null()], { description: 'What the QR code says' }),
            qrCode: Type.Union([Type.String(), Type.Null()], { description: 'The same as a PNG in a data: URL' }),
          }),
        },
      },
    },
    async (request, reply) => {
      const found = await findInstance(parts, request, request.params.sessionId);
      const { instance, code } = await readQr(parts, found, reply);
      return {
        success: true as const,
        sessionId: nameOf(instance),
        status: code ? ('qr_received' as const) : sessionStatus(instance),
        qr: code?.text ?? null,
        qrCode: code?.dataUrl ?? null,
      };
    },
  );

  app.delete(
    '/api/sessions/:sessionId',
    {
      config: { access: 'instances:write' },
      schema: {
        tags,
        summary: 'Logout and destroy a session',
        params: SessionParams,
        response: { 200: Type.Object({ success, sessionId: Type.String(), message: Type.String() }) },
      },
    },
    async (request) => {
      const instance = await findInstance(parts, request, request.params.sessionId);
      await removeInstance(parts, instance);
      return { success: true as const, sessionId: nameOf(instance), message: 'Session destroyed' };
    },
  );
};
