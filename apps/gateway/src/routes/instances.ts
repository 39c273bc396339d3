import { CreateInstance, Instance, PageQuery, pageOf, UpdateInstance } from '@flotilla/contracts';
import { AliasTakenError } from '@flotilla/instance';
import { decodeCursor, encodeCursor } from '@flotilla/redis';
import Type from 'typebox';
import { apiError } from '../errors.ts';
import { removeInstance } from '../instance-control.ts';
import { findInstance, InstanceParams, toView } from '../instance-view.ts';
import { defaultLimit } from '../page.ts';
import type { Routes } from '../parts.ts';
import { tenantOf } from '../plugins/access.ts';

const aliasTaken = (error: unknown): never => {
  throw error instanceof AliasTakenError ? apiError('ALIAS_TAKEN', error.alias) : error;
};

/** `/v1/instances`: creating, finding, changing and deleting them. */
export const instanceRoutes: Routes = async (app, parts) => {
  const { instances } = parts;

  app.post(
    '/v1/instances',
    {
      config: { access: 'instances:write', errors: ['ALIAS_TAKEN'] },
      schema: {
        operationId: 'createInstance',
        tags: ['Instances'],
        summary: 'Create an instance',
        description: 'It stays unconnected until it is asked to connect.',
        body: CreateInstance,
        response: { 201: Instance },
      },
    },
    async (request, reply) => {
      const created = await instances.create({ tenant: tenantOf(request), ...request.body }).catch(aliasTaken);
      return reply.code(201).send(toView(created));
    },
  );

  app.get(
    '/v1/instances',
    {
      config: { access: 'instances:read', errors: ['BAD_CURSOR'] },
      schema: {
        operationId: 'listInstances',
        tags: ['Instances'],
        summary: 'List instances, oldest first',
        querystring: PageQuery,
        response: { 200: pageOf(Instance) },
      },
    },
    async (request) => {
      const { limit = defaultLimit, cursor } = request.query;
      const { items, next } = await instances.list(tenantOf(request), { limit, cursor: decodeCursor(cursor) });
      return { items: items.map(toView), nextCursor: next && encodeCursor(next) };
    },
  );

  app.get(
    '/v1/instances/:instance',
    {
      config: { access: 'instances:read', errors: ['INSTANCE_NOT_FOUND'] },
      schema: {
        operationId: 'getInstance',
        tags: ['Instances'],
        summary: 'Show an instance with its connection state',
        params: InstanceParams,
        response: { 200: Instance },
      },
    },
    async (request) => toView(await findInstance(parts, request, request.params.instance)),
  );

  app.patch(
    '/v1/instances/:instance',
    {
      config: { access: 'instances:write', errors: ['INSTANCE_NOT_FOUND', 'ALIAS_TAKEN'] },
      schema: {
        operationId: 'updateInstance',
        tags: ['Instances'],
        summary: 'Change name, alias, metadata or settings of an instance',
        description:
          'Settings that are given replace those of the same name; the others stay. They take effect with the next connection.',
        params: InstanceParams,
        body: UpdateInstance,
        response: { 200: Instance },
      },
    },
    async (request) => {
      const instance = await findInstance(parts, request, request.params.instance);
      const { settings, ...change } = request.body;
      const merged = settings && { ...instance.settings, ...settings };
      await instances.update(instance, { ...change, settings: merged }).catch(aliasTaken);
      return toView(await findInstance(parts, request, instance.id));
    },
  );

  app.delete(
    '/v1/instances/:instance',
    {
      config: { access: 'instances:write', errors: ['INSTANCE_NOT_FOUND'] },
      schema: {
        operationId: 'deleteInstance',
        tags: ['Instances'],
        summary: 'Delete an instance',
        description: 'It disappears at once; a worker then logs it out and wipes its credentials.',
        params: InstanceParams,
        response: { 204: Type.Null({ description: 'It is gone' }) },
      },
    },
    async (request, reply) => {
      const instance = await findInstance(parts, request, request.params.instance);
      await removeInstance(parts, instance);
      return reply.code(204).send(null);
    },
  );
};
