import { randomUUID } from 'node:crypto';
import type { StoredInstance } from '@flotilla/instance';
import type { FastifyBaseLogger } from 'fastify';
import Type from 'typebox';
import { removeInstance } from '../../instance-control.ts';
import { findInstance } from '../../instance-view.ts';
import type { Parts } from '../../parts.ts';
import { tenantOf } from '../../plugins/access.ts';
import type { DialectRoutes } from '../dialect.ts';
import { TextOrNumber, textOf } from '../field.ts';
import { withPhone } from '../linked-phone.ts';
import { allInstances, createNamed } from '../named-instance.ts';
import { recentEvent } from '../recent-event.ts';
import { CreatedSession, codesOf, SessionItem, SessionModel, SessionParams, Success, toModel } from './shapes.ts';
import { drawCodes } from './terminal.ts';

const tags = ['Sessions'];

/** When the QR code of the moment came (Unix ms). */
export async function qrTime(parts: Pick<Parts, 'redis'>, instance: StoredInstance): Promise<number | undefined> {
  const { qr } = codesOf(instance);
  if (!qr) return undefined;
  const event = await recentEvent(parts, instance.id, 'qrcode.updated', ({ data }) => data.qr === qr.text);
  return event?.occurredAt;
}

/** Draws the codes of a new session where a person looks; a log is no such place. */
function draw(parts: Parts, id: string, log: FastifyBaseLogger): void {
  if (!process.stdout.isTTY) {
    log.warn({ instance: id }, 'compat.no-terminal');
    return;
  }
  drawCodes(parts, id, (text) => void process.stdout.write(text)).catch((error: Error) =>
    log.warn({ instance: id, cause: error.message }, 'compat.not-drawn'),
  );
}

/** `/api/sessions`. */
export const sessionRoutes: DialectRoutes = async (app, parts) => {
  app.post(
    '/api/sessions',
    {
      config: { access: 'instances:write' },
      schema: {
        tags,
        summary: 'Create a session and initialize its client',
        body: Type.Optional(
          Type.Union([
            Type.Object({
              sessionId: Type.Optional(Type.Union([TextOrNumber, Type.Null()], { description: 'Default: a new one' })),
              label: Type.Optional(Type.Union([TextOrNumber, Type.Null()])),
            }),
            Type.Null(),
          ]),
        ),
        response: { 201: CreatedSession },
      },
    },
    async (request, reply) => {
      const name = textOf(request.body, 'sessionId') ?? randomUUID();
      const label = textOf(request.body, 'label');
      const created = await createNamed(parts, tenantOf(request), { name, label }, 'sessionId');
      if (parts.variablesOf(request).PRINT_QR_IN_TERMINAL === 'true') draw(parts, created.id, request.log);
      const { _id, sessionId, label: shown, createdAt } = toModel(created, undefined);
      // Whatever a quick worker has done to it meanwhile, this is how it began.
      const answer = { _id, sessionId, label: shown, status: 'idle' as const, createdAt, updatedAt: createdAt };
      return reply.code(201).send(answer);
    },
  );

  app.get(
    '/api/sessions',
    {
      config: { access: 'instances:read' },
      schema: {
        tags,
        summary: 'List all sessions',
        response: { 200: Type.Object({ items: Type.Array(SessionItem) }) },
      },
    },
    async (request) => {
      const all = await allInstances(parts, tenantOf(request));
      const items = await Promise.all(
        all.map(async (instance) => {
          const model = toModel(await withPhone(parts, instance), await qrTime(parts, instance));
          const { sessionId, status, phoneNumber, pairingCode, qrCodeUpdatedAt } = model;
          return { sessionId, status, phoneNumber, pairingCode, qrCodeUpdatedAt };
        }),
      );
      return { items };
    },
  );

  app.get(
    '/api/sessions/:sessionId',
    {
      config: { access: 'instances:read' },
      schema: { tags, summary: 'Show a session', params: SessionParams, response: { 200: SessionModel } },
    },
    async (request, reply) => {
      const instance = await findInstance(parts, request, request.params.sessionId);
      // It has the codes in it.
      reply.header('cache-control', 'no-store');
      return toModel(await withPhone(parts, instance), await qrTime(parts, instance));
    },
  );

  app.delete(
    '/api/sessions/:sessionId',
    {
      config: { access: 'instances:write' },
      schema: {
        tags,
        summary: 'Log out, and delete credentials, session and messages',
        params: SessionParams,
        response: { 200: Success },
      },
    },
    async (request) => {
      await removeInstance(parts, await findInstance(parts, request, request.params.sessionId));
      return { success: true as const };
    },
  );
};
