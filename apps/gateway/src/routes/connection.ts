import { Instance } from '@flotilla/contracts';
import { connectInstance, logoutInstance, restartInstance, stopInstance } from '../instance-control.ts';
import { findInstance, InstanceParams, toView } from '../instance-view.ts';
import type { Routes } from '../parts.ts';

/** `/v1/instances/{instance}/connect`, `/restart`, `/stop` and `/logout`. */
export const connectionRoutes: Routes = async (app, parts) => {
  app.post(
    '/v1/instances/:instance/connect',
    {
      config: { access: 'instances:write', errors: ['INSTANCE_NOT_FOUND'] },
      schema: {
        operationId: 'connectInstance',
        tags: ['Instances'],
        summary: 'Connect an instance, and keep it connected',
        description: 'One without a linked phone begins to pair: ask for its QR code or for a pairing code next.',
        params: InstanceParams,
        response: { 200: Instance, 202: Instance },
      },
    },
    async (request, reply) => {
      const { id, status } = await findInstance(parts, request, request.params.instance);
      await connectInstance(parts, id);
      return reply.code(status.state === 'open' ? 200 : 202).send(toView(await findInstance(parts, request, id)));
    },
  );

  app.post(
    '/v1/instances/:instance/restart',
    {
      config: { access: 'instances:write', errors: ['INSTANCE_NOT_FOUND'] },
      schema: {
        operationId: 'restartInstance',
        tags: ['Instances'],
        summary: 'Close the connection and open it again',
        params: InstanceParams,
        response: { 202: Instance },
      },
    },
    async (request, reply) => {
      const { id } = await findInstance(parts, request, request.params.instance);
      await restartInstance(parts, id);
      return reply.code(202).send(toView(await findInstance(parts, request, id)));
    },
  );

  app.post(
    '/v1/instances/:instance/stop',
    {
      config: { access: 'instances:write', errors: ['INSTANCE_NOT_FOUND'] },
      schema: {
        operationId: 'stopInstance',
        tags: ['Instances'],
        summary: 'Close the connection and stay offline',
        description: 'The phone stays linked; what is sent meanwhile waits for the next connection.',
        params: InstanceParams,
        response: { 202: Instance },
      },
    },
    async (request, reply) => {
      const { id } = await findInstance(parts, request, request.params.instance);
      await stopInstance(parts, id);
      return reply.code(202).send(toView(await findInstance(parts, request, id)));
    },
  );

  app.post(
    '/v1/instances/:instance/logout',
    {
      config: { access: 'instances:write', errors: ['INSTANCE_NOT_FOUND', 'INSTANCE_NOT_PAIRED'] },
      schema: {
        operationId: 'logoutInstance',
        tags: ['Instances'],
        summary: 'Unlink the phone and wipe the credentials',
        params: InstanceParams,
        response: { 202: Instance },
      },
    },
    async (request, reply) => {
      const instance = await findInstance(parts, request, request.params.instance);
      await logoutInstance(parts, instance);
      return reply.code(202).send(toView(await findInstance(parts, request, instance.id)));
    },
  );
};
