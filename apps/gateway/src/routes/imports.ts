import { ImportAuthFolder, ImportInstance, Instance } from '@flotilla/contracts';
import { AliasTakenError } from '@flotilla/instance';
import type { FastifyReply, FastifyRequest, FastifySchema, FastifySchemaCompiler } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { apiError } from '../errors.ts';
import { importInto, readFolder } from '../import-instance.ts';
import { connectInstance, removeInstance } from '../instance-control.ts';
import { findInstance, InstanceParams, toView } from '../instance-view.ts';
import type { Parts, Routes } from '../parts.ts';
import { patience } from '../patience.ts';
import { tenantOf } from '../plugins/access.ts';
import { folderForms, importBodyBytes } from '../plugins/folder-form.ts';
import { multipartBodies } from '../plugins/multipart.ts';

/** A body of JSON, or a form with the files. */
const form = <T extends TSchema>(body: T) => ({
  content: {
    'application/json': { schema: body },
    'multipart/form-data': {
      schema: Type.Object(
        { files: Type.Unsafe<unknown>({ type: 'array', items: { type: 'string', format: 'binary' } }) },
        { additionalProperties: true },
      ),
    },
  },
});

const refusals = ['AUTH_FOLDER_REFUSED', 'ALREADY_PAIRED', 'DEVICE_IN_USE', 'IMPORT_TIMEOUT'] as const;

/** `/v1/instances/import` and `/v1/instances/{instance}/import`: moving in with a Baileys auth folder. */
export const importRoutes: Routes = async (app, parts) => {
  await app.register(multipartBodies, { media: parts.media });
  const readFolderForm = folderForms();
  const compile = app.validatorCompiler ?? (() => () => true);
  /** A form has become what JSON would have been. */
  const asJson =
    (body: TSchema): FastifySchemaCompiler<FastifySchema> =>
    (route) =>
      compile('contentType' in route ? { ...route, schema: body } : route);

  app.post(
    '/v1/instances/import',
    {
      bodyLimit: importBodyBytes,
      config: { access: 'instances:write', readsForms: true, errors: ['ALIAS_TAKEN', ...refusals] },
      schema: {
        operationId: 'importInstance',
        tags: ['Instances'],
        summary: 'Create an instance from a Baileys auth folder',
        description:
          'The folder is what `useMultiFileAuthState` of Baileys has written. The number needs no new QR code. Stop the service that has used the folder first, and never start it again: two connections with the same credentials end each other. As JSON, or as a form with the files under their names.',
        body: form(ImportInstance),
        response: { 201: Instance },
      },
      validatorCompiler: asJson(ImportInstance),
      preValidation: readFolderForm,
    },
    async (request, reply) => {
      const { files, connect, name, ...about } = request.body as ImportInstance;
      const folder = readFolder(files);
      const { phone, pushName } = folder.credentials;
      const created = await parts.instances
        .create({ tenant: tenantOf(request), name: name ?? pushName?.slice(0, 100) ?? `+${phone}`, ...about })
        .catch((error: unknown) => {
          throw error instanceof AliasTakenError ? apiError('ALIAS_TAKEN', error.alias) : error;
        });
      try {
        await importInto(parts, created, folder, patience(reply, parts.closing));
      } catch (error) {
        await removeInstance(parts, created).catch((cause: Error) =>
          request.log.warn({ cause: cause.message, instance: created.id }, 'import.left-behind'),
        );
        throw error;
      }
      return answer(parts, request, reply.code(201), { id: created.id, connect });
    },
  );

  app.post(
    '/v1/instances/:instance/import',
    {
      bodyLimit: importBodyBytes,
      config: { access: 'instances:write', readsForms: true, errors: ['INSTANCE_NOT_FOUND', ...refusals] },
      schema: {
        operationId: 'importIntoInstance',
        tags: ['Instances'],
        summary: 'Import a Baileys auth folder into an instance that no phone is linked to',
        description:
          'Like `POST /v1/instances/import`. A pairing that is under way ends; an instance that was asked to connect connects.',
        params: InstanceParams,
        body: form(ImportAuthFolder),
        response: { 200: Instance },
      },
      validatorCompiler: asJson(ImportAuthFolder),
      preValidation: readFolderForm,
    },
    async (request, reply) => {
      const { files, connect } = request.body as ImportAuthFolder;
      const instance = await findInstance(parts, request, request.params.instance);
      if (instance.paired) throw apiError('ALREADY_PAIRED');
      await importInto(parts, instance, readFolder(files), patience(reply, parts.closing));
      return answer(parts, request, reply, { id: instance.id, connect });
    },
  );
};

async function answer(
  parts: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  { id, connect }: { id: string; connect: boolean | undefined },
) {
  if (connect) await connectInstance(parts, id);
  return reply.send(toView(await findInstance(parts, request, id)));
}
