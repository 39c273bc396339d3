import { AddLidMapping, LidMapping, PageQuery, pageOf } from '@flotilla/contracts';
import { addManualMapping, listLidMappings, readLidMapping } from '@flotilla/history';
import Type from 'typebox';
import { readAddress } from '../chat-address.ts';
import { apiError } from '../errors.ts';
import { findInstance, InstanceParams } from '../instance-view.ts';
import { defaultLimit } from '../page.ts';
import type { Routes } from '../parts.ts';
import { readPhone } from '../recipient.ts';

const MappingParams = Type.Object({
  ...InstanceParams.properties,
  address: Type.String({ minLength: 1, maxLength: 100, description: 'Phone number or LID' }),
});

/** `/v1/instances/{instance}/lid-mappings`: which phone number a LID belongs to. */
export const lidMappingRoutes: Routes = async (app, parts) => {
  const { redis } = parts;

  app.get(
    '/v1/instances/:instance/lid-mappings',
    {
      config: { access: 'instances:read', errors: ['INSTANCE_NOT_FOUND', 'BAD_CURSOR'] },
      schema: {
        operationId: 'listLidMappings',
        tags: ['Contacts'],
        summary: 'List which phone numbers LIDs belong to, the latest found first',
        params: InstanceParams,
        querystring: PageQuery,
        response: { 200: pageOf(LidMapping) },
      },
    },
    async (request) => {
      const { id } = await findInstance(parts, request, request.params.instance);
      return listLidMappings(redis, id, { limit: defaultLimit, ...request.query });
    },
  );

  app.get(
    '/v1/instances/:instance/lid-mappings/:address',
    {
      config: { access: 'instances:read', errors: ['INSTANCE_NOT_FOUND', 'LID_MAPPING_NOT_FOUND', 'VALIDATION'] },
      schema: {
        operationId: 'getLidMapping',
        tags: ['Contacts'],
        summary: 'Show which phone number a LID belongs to, or which LID a phone number has',
        params: MappingParams,
        response: { 200: LidMapping },
      },
    },
    async (request) => {
      const { id } = await findInstance(parts, request, request.params.instance);
      const jid = readAddress(request.params.address, 'path/address');
      const mapping = await readLidMapping(redis, id, jid);
      if (!mapping) throw apiError('LID_MAPPING_NOT_FOUND', jid);
      return mapping;
    },
  );

  app.post(
    '/v1/instances/:instance/lid-mappings',
    {
      config: { access: 'instances:write', errors: ['INSTANCE_NOT_FOUND'] },
      schema: {
        operationId: 'addLidMapping',
        tags: ['Contacts'],
        summary: 'Say which phone number a LID belongs to',
        description:
          'It counts until WhatsApp says something: what was observed beats what was added. Both are kept, and shown if they differ.',
        params: InstanceParams,
        body: AddLidMapping,
        response: { 201: LidMapping },
      },
    },
    async (request, reply) => {
      const { id } = await findInstance(parts, request, request.params.instance);
      const lid = readAddress(request.body.lid, 'body/lid');
      if (!lid.endsWith('@lid')) throw apiError('VALIDATION', 'body/lid: is not a LID: it ends with @lid');
      const phone = readPhone(request.body.phone);
      if ('reason' in phone) throw apiError('VALIDATION', `body/phone: ${phone.reason}`);
      return reply.code(201).send(await addManualMapping(redis, id, lid, phone.digits));
    },
  );
};
