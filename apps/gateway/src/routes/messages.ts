import { MessageView } from '@flotilla/contracts';
import { readMessage } from '@flotilla/instance';
import Type from 'typebox';
import { apiError } from '../errors.ts';
import { isIdentifier, shown } from '../identifier.ts';
import { findInstance, InstanceParams } from '../instance-view.ts';
import type { Routes } from '../parts.ts';

const MessageParams = Type.Object({
  ...InstanceParams.properties,
  message: Type.String({ description: "The message's id on WhatsApp, from the answer to sending it" }),
});

/** `/v1/instances/{instance}/messages/{message}`. */
export const messageRoutes: Routes = async (app, parts) => {
  app.get(
    '/v1/instances/:instance/messages/:message',
    {
      config: { access: 'instances:read', errors: ['INSTANCE_NOT_FOUND', 'MESSAGE_NOT_FOUND'] },
      schema: {
        operationId: 'getMessage',
        tags: ['Messages'],
        summary: 'Show what became of a message that was sent',
        params: MessageParams,
        response: { 200: MessageView },
      },
    },
    async (request) => {
      const { instance, message } = request.params;
      const { id } = await findInstance(parts, request, instance);
      const view = isIdentifier(message) ? await readMessage(parts.redis, id, message) : undefined;
      if (!view) throw apiError('MESSAGE_NOT_FOUND', shown(message));
      return view;
    },
  );
};
