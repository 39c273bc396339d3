import type { LidMapping } from '@flotilla/contracts';
import { addManualMapping, listLidMappings } from '@flotilla/history';
import Type from 'typebox';
import { findInstance } from '../../instance-view.ts';
import type { DialectRoutes } from '../dialect.ts';
import { neededText, TextOrNumber } from '../field.ts';
import { nameOf } from '../named-instance.ts';
import { lidOf, sanitizePhone } from './sends.ts';
import { InstanceParams } from './shapes.ts';

const Mapping = Type.Object({ lid: Type.String(), phoneNumber: Type.String({ description: 'Digits only' }) });

const toMapping = ({ lid, phone }: LidMapping) => ({ lid, phoneNumber: phone });

/** `/instances/:id/lid-mappings`. */
export const lidRoutes: DialectRoutes = async (app, parts) => {
  const tags = ['LID'];

  app.get(
    '/instances/:id/lid-mappings',
    {
      config: { access: 'instances:read' },
      schema: {
        tags,
        summary: 'Get LID to phone mappings',
        params: InstanceParams,
        response: {
          200: Type.Object({
            success: Type.Literal(true),
            instanceId: Type.String(),
            count: Type.Integer(),
            mappings: Type.Array(Mapping),
          }),
        },
      },
    },
    async (request) => {
      const instance = await findInstance(parts, request, request.params.id);
      const mappings: { lid: string; phoneNumber: string }[] = [];
      let cursor: string | undefined;
      do {
        const page = await listLidMappings(parts.redis, instance.id, { limit: 200, ...(cursor && { cursor }) });
        mappings.push(...page.items.map(toMapping));
        cursor = page.nextCursor;
      } while (cursor);
      return { success: true as const, instanceId: nameOf(instance), count: mappings.length, mappings };
    },
  );

  app.post(
    '/instances/:id/lid-mappings',
    {
      config: { access: 'instances:write' },
      schema: {
        tags,
        summary: 'Add LID to phone mapping',
        params: InstanceParams,
        body: Type.Object({
          lid: Type.Optional(TextOrNumber),
          phoneNumber: Type.Optional(TextOrNumber),
          phone: Type.Optional(TextOrNumber),
        }),
        response: {
          201: Type.Object({ success: Type.Literal(true), instanceId: Type.String(), mapping: Mapping }),
        },
      },
    },
    async (request, reply) => {
      const instance = await findInstance(parts, request, request.params.id);
      const lid = lidOf(neededText(request.body, 'lid'));
      const phone = sanitizePhone(neededText(request.body, 'phoneNumber', 'phone'), 'phoneNumber');
      const mapping = toMapping(await addManualMapping(parts.redis, instance.id, lid, phone));
      return reply.code(201).send({ success: true as const, instanceId: nameOf(instance), mapping });
    },
  );
};
