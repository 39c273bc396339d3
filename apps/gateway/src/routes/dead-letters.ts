import {
  DeadLetter,
  DeadLetterDetail,
  DeadLetterQuery,
  DeadLetterSelection,
  pageOf,
  SelectionResult,
} from '@flotilla/contracts';
import Type from 'typebox';
import { apiError } from '../errors.ts';
import { isIdentifier, shown } from '../identifier.ts';
import { defaultLimit } from '../page.ts';
import type { Routes } from '../parts.ts';
import { tenantOf } from '../plugins/access.ts';

const DeadLetterParams = Type.Object({ deadLetter: Type.String({ description: 'Id of the dead letter' }) });

/** Webhook and event, joined by a dot. */
const isId = (id: string) => id.split('.').every(isIdentifier);
const notFound = (id: string) => apiError('DEAD_LETTER_NOT_FOUND', isId(id) ? id : shown(id));

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
        querystring: DeadLetterQuery,
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
        params: DeadLetterParams,
        response: { 202: Type.Object({ id: Type.String(), state: Type.Literal('pending') }) },
      },
    },
    async (request, reply) => {
      const { deadLetter } = request.params;
      if (!isId(deadLetter) || !(await endpoints.redrive(tenantOf(request), deadLetter))) throw notFound(deadLetter);
      return reply.code(202).send({ id: deadLetter, state: 'pending' as const });
    },
  );

  app.get(
    '/v1/dead-letters/:deadLetter',
    {
      config: { access: 'webhooks:read', errors: ['DEAD_LETTER_NOT_FOUND'] },
      schema: {
        operationId: 'getDeadLetter',
        tags: ['Webhooks'],
        summary: 'Show a dead letter with its attempts and its event',
        params: DeadLetterParams,
        response: { 200: DeadLetterDetail },
      },
    },
    async (request) => {
      const { deadLetter } = request.params;
      const found = isId(deadLetter) && (await endpoints.getDeadLetter(tenantOf(request), deadLetter));
      if (!found) throw notFound(deadLetter);
      return found;
    },
  );

  app.delete(
    '/v1/dead-letters/:deadLetter',
    {
      config: { access: 'webhooks:write', errors: ['DEAD_LETTER_NOT_FOUND'] },
      schema: {
        operationId: 'deleteDeadLetter',
        tags: ['Webhooks'],
        summary: 'Delete a dead letter for good',
        params: DeadLetterParams,
        response: { 204: Type.Null({ description: 'It is gone' }) },
      },
    },
    async (request, reply) => {
      const { deadLetter } = request.params;
      if (!isId(deadLetter) || !(await endpoints.purge(tenantOf(request), deadLetter))) throw notFound(deadLetter);
      return reply.code(204).send(null);
    },
  );

  const selections = {
    redrive: {
      operationId: 'redriveDeadLetters',
      summary: 'Deliver dead letters of a webhook again',
      description:
        'Those that fit, the earliest of each instance first: they keep their order among themselves, behind what waits already.',
      act: endpoints.redriveSelected,
    },
    purge: {
      operationId: 'purgeDeadLetters',
      summary: 'Delete dead letters of a webhook for good',
      description: 'Those that fit. Their deliveries stay listed for a while.',
      act: endpoints.purgeSelected,
    },
  };
  for (const [name, { operationId, summary, description, act }] of Object.entries(selections)) {
    app.post(
      `/v1/dead-letters/${name}`,
      {
        config: { access: 'webhooks:write', errors: ['WEBHOOK_NOT_FOUND'] },
        schema: {
          operationId,
          tags: ['Webhooks'],
          summary,
          description,
          body: DeadLetterSelection,
          response: { 200: SelectionResult },
        },
      },
      async (request) => {
        const { webhook } = request.body;
        const result = isIdentifier(webhook) ? await act(tenantOf(request), request.body) : undefined;
        if (!result) throw apiError('WEBHOOK_NOT_FOUND', shown(webhook));
        return result;
      },
    );
  }
};
