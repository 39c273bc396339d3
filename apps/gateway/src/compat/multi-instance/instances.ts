import Type from 'typebox';
import { apiError } from '../../errors.ts';
import { removeInstance, restartInstance } from '../../instance-control.ts';
import { findInstance } from '../../instance-view.ts';
import { tenantOf } from '../../plugins/access.ts';
import { readQr } from '../current-qr.ts';
import type { DialectRoutes } from '../dialect.ts';
import { neededText, TextOrNumber, textOf } from '../field.ts';
import { allInstances, createNamed, nameOf } from '../named-instance.ts';
import { readSubscription, subscribe, subscriptionsOf, unsubscribe } from '../subscription.ts';
import { InstanceInfo, InstanceParams, instanceStatuses, statusWord, toInfo } from './shapes.ts';

const dialect = 'multi-instance';
const tags = ['Instances'];
const success = Type.Literal(true);
const status = Type.Enum([...instanceStatuses]);
const orNull = Type.Union([Type.String(), Type.Null()]);
const Done = Type.Object({ success, instanceId: Type.String(), status, message: Type.String() });
const OneInstance = Type.Object({ success, ...InstanceInfo.properties });

/** `/instances`: all but sending. */
export const instanceRoutes: DialectRoutes = async (app, parts) => {
  app.post(
    '/instances',
    {
      config: { access: 'instances:write' },
      schema: {
        tags,
        summary: 'Create a new WhatsApp instance',
        description: 'It connects at once. Its events are posted to `webhook`, if it is given.',
        body: Type.Object({
          instanceId: Type.Optional(TextOrNumber),
          webhook: Type.Optional(Type.Union([Type.String(), Type.Null()])),
        }),
        response: { 201: OneInstance },
      },
    },
    async (request, reply) => {
      const tenant = tenantOf(request);
      const name = neededText(request.body, 'instanceId');
      const url = textOf(request.body, 'webhook');
      const objection = url === undefined ? undefined : parts.checkWebhookUrl(url);
      if (objection) throw apiError('BAD_WEBHOOK_URL', objection);
      // `message.sent` comes of what is sent by this API.
      const settings = { emitSentMessages: true };
      const created = await createNamed(parts, tenant, { name, settings }, 'instanceId');
      if (url) await subscribe(parts, tenant, { dialect, instance: created.id }, { url });
      return reply.code(201).send({ success: true as const, ...toInfo(created, url) });
    },
  );

  app.get(
    '/instances',
    {
      config: { access: 'instances:read' },
      schema: {
        tags,
        summary: 'List all instances',
        response: { 200: Type.Object({ success, count: Type.Integer(), instances: Type.Array(InstanceInfo) }) },
      },
    },
    async (request) => {
      const tenant = tenantOf(request);
      const [all, webhooks] = await Promise.all([allInstances(parts, tenant), subscriptionsOf(parts, tenant, dialect)]);
      const urls = new Map(webhooks.map(({ instances: [id], url }) => [id, url]));
      const instances = all.map((instance) => toInfo(instance, urls.get(instance.id)));
      return { success: true as const, count: instances.length, instances };
    },
  );

  app.get(
    '/instances/:id/qr',
    {
      config: { access: 'instances:read' },
      schema: {
        tags,
        summary: 'Get QR code for scanning',
        description: 'Waits up to ten seconds for one. `qr` is null once a phone is linked.',
        params: InstanceParams,
        response: {
          200: Type.Object({
            success,
            instanceId: Type.String(),
            status,
            qr: Type.Union([Type.String(), Type.Null()], { description: 'What the code says' }),
            qrCode: Type.Union([Type.String(), Type.Null()], { description: 'The same as a PNG in a data: URL' }),
          }),
        },
      },
    },
    async (request, reply) => {
      const { instance, code } = await readQr(parts, await findInstance(parts, request, request.params.id), reply);
      return {
        success: true as const,
        instanceId: nameOf(instance),
        status: code ? ('qr' as const) : statusWord(instance),
        qr: code?.text ?? null,
        qrCode: code?.dataUrl ?? null,
      };
    },
  );

  app.get(
    '/instances/:id/status',
    {
      config: { access: 'instances:read' },
      schema: {
        tags,
        summary: 'Get instance connection status',
        params: InstanceParams,
        response: { 200: Type.Object({ ...OneInstance.properties, reason: Type.Optional(orNull) }) },
      },
    },
    async (request) => {
      const instance = await findInstance(parts, request, request.params.id);
      const webhook = await readSubscription(parts, instance.tenant, { dialect, instance: instance.id });
      return { success: true as const, ...toInfo(instance, webhook?.url), reason: instance.status.reason ?? null };
    },
  );

  app.post(
    '/instances/:id/restart',
    {
      config: { access: 'instances:write' },
      schema: { tags, summary: 'Restart instance connection', params: InstanceParams, response: { 200: Done } },
    },
    async (request) => {
      const instance = await findInstance(parts, request, request.params.id);
      await restartInstance(parts, instance.id);
      const answer = { instanceId: nameOf(instance), status: 'connecting' as const };
      return { success: true as const, ...answer, message: 'Instance restarting' };
    },
  );

  app.delete(
    '/instances/:id',
    {
      config: { access: 'instances:write' },
      schema: { tags, summary: 'Delete instance and session', params: InstanceParams, response: { 200: Done } },
    },
    async (request) => {
      const instance = await findInstance(parts, request, request.params.id);
      // The webhook last: with a crash in between it is one of an instance that tells nothing any more.
      await removeInstance(parts, instance);
      await unsubscribe(parts, instance.tenant, { dialect, instance: instance.id });
      const answer = { instanceId: nameOf(instance), status: 'close' as const };
      return { success: true as const, ...answer, message: 'Instance deleted' };
    },
  );
};
