import { CreateReplay, PageQuery, pageOf, Replay } from '@flotilla/contracts';
import { ReplayRefusedError } from '@flotilla/webhook';
import Type from 'typebox';
import { apiError } from '../errors.ts';
import { isIdentifier, shown } from '../identifier.ts';
import { defaultLimit } from '../page.ts';
import type { Routes } from '../parts.ts';
import { tenantOf } from '../plugins/access.ts';

const ReplayParams = Type.Object({ replay: Type.String({ description: 'Id of the replay' }) });

/** A replay that cannot be made, as an error of the API. */
const refused = (error: unknown) =>
  error instanceof ReplayRefusedError ? apiError(error.code, error.detail) : (error as Error);

/** `/v1/replays`. */
export const replayRoutes: Routes = async (app, { replays }) => {
  app.post(
    '/v1/webhooks/:webhook/replay',
    {
      config: {
        access: 'webhooks:write',
        errors: ['WEBHOOK_NOT_FOUND', 'INSTANCE_NOT_FOUND', 'WEBHOOK_DISABLED', 'REPLAY_RUNNING'],
      },
      schema: {
        operationId: 'createReplay',
        tags: ['Webhooks'],
        summary: 'Send events of the past again',
        description:
          'All that the webhook is subscribed to from `from` to `to`, or what it missed `since` a moment; to itself, or to another webhook. Events keep their id, their sequence and their body, and say `flotilla-replay` in a header. They come in order for each instance, beside the live traffic, which neither waits for them nor changes its order. What was asked for and is not kept any more is named in `truncated`.',
        params: Type.Object({ webhook: Type.String({ description: 'Id of the webhook' }) }),
        body: CreateReplay,
        response: { 202: Replay },
      },
    },
    async (request, reply) => {
      const { webhook } = request.params;
      const replay =
        isIdentifier(webhook) &&
        (await replays.start(tenantOf(request), webhook, request.body).catch((error: unknown) => {
          throw refused(error);
        }));
      if (!replay) throw apiError('WEBHOOK_NOT_FOUND', shown(webhook));
      return reply.code(202).send(replay);
    },
  );

  app.get(
    '/v1/replays',
    {
      config: { access: 'webhooks:read', errors: ['WEBHOOK_NOT_FOUND', 'BAD_CURSOR'] },
      schema: {
        operationId: 'listReplays',
        tags: ['Webhooks'],
        summary: 'List replays, the latest first',
        querystring: Type.Object(
          {
            ...PageQuery.properties,
            webhook: Type.Optional(Type.String({ maxLength: 64, description: 'Only those that this webhook gets' })),
          },
          { additionalProperties: false },
        ),
        response: { 200: pageOf(Replay) },
      },
    },
    async (request) => {
      const page = await replays.list(tenantOf(request), { limit: defaultLimit, ...request.query });
      if (!page) throw apiError('WEBHOOK_NOT_FOUND', shown(request.query.webhook ?? ''));
      return page;
    },
  );

  /** Webhook and replay, joined by a dot. */
  const isId = (id: string) => id.split('.').every(isIdentifier);
  const notFound = (id: string) => apiError('REPLAY_NOT_FOUND', isId(id) ? id : shown(id));

  app.get(
    '/v1/replays/:replay',
    {
      config: { access: 'webhooks:read', errors: ['REPLAY_NOT_FOUND'] },
      schema: {
        operationId: 'getReplay',
        tags: ['Webhooks'],
        summary: 'Show how far a replay is',
        params: ReplayParams,
        response: { 200: Replay },
      },
    },
    async (request) => {
      const { replay: id } = request.params;
      const replay = isId(id) && (await replays.get(tenantOf(request), id));
      if (!replay) throw notFound(id);
      return replay;
    },
  );

  app.post(
    '/v1/replays/:replay/cancel',
    {
      config: { access: 'webhooks:write', errors: ['REPLAY_NOT_FOUND'] },
      schema: {
        operationId: 'cancelReplay',
        tags: ['Webhooks'],
        summary: 'Stop a replay',
        description: 'What was sent is sent; what is being sent may still arrive. One that has ended stays as it is.',
        params: ReplayParams,
        response: { 200: Replay },
      },
    },
    async (request) => {
      const { replay: id } = request.params;
      const replay = isId(id) && (await replays.cancel(tenantOf(request), id));
      if (!replay) throw notFound(id);
      return replay;
    },
  );
};
