import Type from 'typebox';
import { connectInstance, logoutInstance, removeInstance, restartInstance } from '../../instance-control.ts';
import { findInstance } from '../../instance-view.ts';
import { tenantOf } from '../../plugins/access.ts';
import { readQr } from '../current-qr.ts';
import type { DialectRoutes } from '../dialect.ts';
import { neededText, TextOrNumber } from '../field.ts';
import { allInstances, createNamed, nameOf } from '../named-instance.ts';
import { LunaInstance, lunaState, lunaStates, toLunaInstance } from './shapes.ts';

const Params = Type.Object({ name: Type.String({ description: 'Name of the instance' }) });
const orNull = Type.Union([Type.String(), Type.Null()]);
const Done = Type.Object({ instance: Type.String(), state: Type.Enum([...lunaStates]), message: Type.String() });
const tags = ['Instances'];

/** `/instances`. */
export const instanceRoutes: DialectRoutes = async (app, parts) => {
  app.get(
    '/instances',
    {
      config: { access: 'instances:read' },
      schema: { tags, summary: 'List all instances', response: { 200: Type.Array(LunaInstance) } },
    },
    async (request) => (await allInstances(parts, tenantOf(request))).map(toLunaInstance),
  );

  app.post(
    '/instances',
    {
      config: { access: 'instances:write' },
      schema: {
        tags,
        summary: 'Create new instance',
        description: 'It connects at once: ask for its QR code next.',
        body: Type.Object({
          instanceName: Type.Optional(TextOrNumber),
          name: Type.Optional(TextOrNumber),
          instance: Type.Optional(TextOrNumber),
        }),
        response: { 201: LunaInstance },
      },
    },
    async (request, reply) => {
      const name = neededText(request.body, 'name', 'instanceName', 'instance');
      // Events have messages just as Baileys has them.
      const settings = { rawMessages: true };
      const created = await createNamed(parts, tenantOf(request), { name, settings }, 'name');
      return reply.code(201).send(toLunaInstance(created));
    },
  );

  app.get(
    '/instances/:name',
    {
      config: { access: 'instances:read' },
      schema: { tags, summary: 'Get instance info', params: Params, response: { 200: LunaInstance } },
    },
    async (request) => toLunaInstance(await findInstance(parts, request, request.params.name)),
  );

  app.get(
    '/instances/:name/qr',
    {
      config: { access: 'instances:read' },
      schema: {
        tags,
        summary: 'Get QR code',
        description: 'Waits up to ten seconds for one. `qrCode` is null once a phone is linked.',
        params: Params,
        response: {
          200: Type.Object({
            instance: Type.String(),
            state: Type.Enum([...lunaStates]),
            qrCode: Type.Union([Type.String(), Type.Null()], { description: 'The code as a PNG in a data: URL' }),
            code: Type.Union([Type.String(), Type.Null()], { description: 'What the code says' }),
          }),
        },
      },
    },
    async (request, reply) => {
      const { instance, code } = await readQr(parts, await findInstance(parts, request, request.params.name), reply);
      return {
        instance: nameOf(instance),
        state: lunaState(instance),
        qrCode: code?.dataUrl ?? null,
        code: code?.text ?? null,
      };
    },
  );

  app.get(
    '/instances/:name/status',
    {
      config: { access: 'instances:read' },
      schema: {
        tags,
        summary: 'Get status',
        params: Params,
        response: {
          200: Type.Object({
            instance: Type.String(),
            state: Type.Enum([...lunaStates]),
            phoneNumber: orNull,
            profileName: orNull,
          }),
        },
      },
    },
    async (request) => {
      const { instance, state, phoneNumber, profileName } = toLunaInstance(
        await findInstance(parts, request, request.params.name),
      );
      return { instance, state, phoneNumber, profileName };
    },
  );

  app.post(
    '/instances/:name/logout',
    {
      config: { access: 'instances:write' },
      schema: { tags, summary: 'Logout instance', params: Params, response: { 200: Done } },
    },
    async (request) => {
      const instance = await findInstance(parts, request, request.params.name);
      await logoutInstance(parts, instance);
      return { instance: nameOf(instance), state: 'close' as const, message: 'Instance logged out' };
    },
  );

  app.delete(
    '/instances/:name',
    {
      config: { access: 'instances:write' },
      schema: { tags, summary: 'Delete instance', params: Params, response: { 200: Done } },
    },
    async (request) => {
      const instance = await findInstance(parts, request, request.params.name);
      await removeInstance(parts, instance);
      return { instance: nameOf(instance), state: 'close' as const, message: 'Instance deleted' };
    },
  );

  app.post(
    '/instances/:name/reconnect',
    {
      config: { access: 'instances:write' },
      schema: { tags, summary: 'Reconnect instance', params: Params, response: { 200: Done } },
    },
    async (request) => {
      const instance = await findInstance(parts, request, request.params.name);
      // What is open is closed first; what is not is only asked to connect.
      if (lunaState(instance) === 'open') await restartInstance(parts, instance.id);
      else await connectInstance(parts, instance.id);
      return { instance: nameOf(instance), state: 'connecting' as const, message: 'Instance reconnecting' };
    },
  );
};
