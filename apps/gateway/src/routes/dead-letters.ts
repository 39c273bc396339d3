import { DeadLetter, PageQuery, pageOf } from '@flotilla/contracts';
import Type from 'typebox';
import { apiError } from '../errors.ts';
import { isIdentifier, shown } from '../identifier.ts';
import { defaultLimit } from '../page.ts';
import type { Routes } from '../parts.ts';
import { tenantOf } from '../plugins/access.ts';

/** `/v1/dead-letters`. */
export const deadLetterRoutes: Routes = async (app, { endpoints }) => {
  app.get(
    '/v1/dead-letters',
    {
      config: { access: 'webhooks:read', errors: ['WEBHOOK_NOT_FOUND', 'BAD_CURSOR'] },
      schema: {
        operationId: 'listDeadLetters',
        tags: ['Webhooks'],
        summary: 'List events that could not be delivered, the latest first',
        querystring: Type.Object(
          {
            ...PageQuery.properties,
            webhook: Type.Optional(Type.String({ description: 'Only those of this webhook' })),
          },
          { additionalProperties: false },
        ),
        response: { 200: pageOf(DeadLetter) },
      },
    },
    async (request) => {
      const page = await endpoints.listDeadLetters(tenantOf(request), { limit: defaultLimit, ...request.query });
      if (!page) throw apiError('WEBHOOK_NOT_FOUND', shown(request.query.webhook ?? ''));
      return page;
    },
  );

  app.post(
    '/v1/dead-letters/:deadLetter/redrive',
    {
      config: { access: 'webhooks:write', errors: ['DEAD_LETTER_NOT_FOUND'] },
      schema: {
        operationId: 'redriveDeadLetter',
        tags: ['Webhooks'],
        summary: 'Deliver a dead letter again',
        description:
          'It keeps its event id, so that a receiver that has seen it can tell. Asking again while it waits changes nothing.',
        params: Type.Object({ deadLetter: Type.String({ description: 'Id of the dead letter' }) }),
        response: { 202: Type.Object({ id: Type.String(), state: Type.Literal('pending') }) },
      },
    },
    async (request, reply) => {
      const { deadLetter } = request.params;
      // Webhook and event, joined by a dot.
      const isId = deadLetter.split('.').every(isIdentifier);
      if (!isId || !(await endpoints.redrive(tenantOf(request), deadLetter)))
        throw apiError('DEAD_LETTER_NOT_FOUND', isId ? deadLetter : shown(deadLetter));
      return reply.code(202).send({ id: deadLetter, state: 'pending' as const });
    },
  );
};
