import { QrCode } from '@flotilla/contracts';
import type { StoredInstance } from '@flotilla/instance';
import { toBuffer, toDataURL, toString as toText } from 'qrcode';
import Type from 'typebox';
import { apiError } from '../errors.ts';
import { findInstance, InstanceParams, stateInWords, statusOf } from '../instance-view.ts';
import { preferredType } from '../media-type.ts';
import type { Routes } from '../parts.ts';
import { patience } from '../patience.ts';
import { longestWaitSeconds } from '../prefer.ts';

type Code = NonNullable<StoredInstance['qr']>;

/** Each way to show a QR code, the default first. Quality and size suit a phone's camera. */
const renderers = {
  'application/json': async ({ text, expiresAt }: Code): Promise<QrCode> => ({
    qr: text,
    dataUrl: await toDataURL(text, { width: 400 }),
    expiresAt,
  }),
  'image/png': ({ text }: Code) => toBuffer(text, { width: 400 }),
  'image/svg+xml': ({ text }: Code) => toText(text, { type: 'svg' }),
  'text/plain': async ({ text }: Code) => `${await toText(text, { type: 'utf8' })}\n`,
} as const;
type MediaType = keyof typeof renderers;
const mediaTypes: readonly [MediaType, ...MediaType[]] = [
  'application/json',
  'image/png',
  'image/svg+xml',
  'text/plain',
];

/** What an instance without a QR code needs before there can be one. */
function cure(instance: StoredInstance): string {
  const words = stateInWords(instance);
  const resting = ['new', 'closed'].includes(statusOf(instance).state);
  return resting ? `${words} and must be asked to connect first (POST …/connect)` : words;
}

/** `/v1/instances/{instance}/qr`. */
export const qrRoutes: Routes = async (app, parts) => {
  const { changes, instances, closing } = parts;

  app.get(
    '/v1/instances/:instance/qr',
    {
      config: {
        access: 'instances:read',
        errors: ['INSTANCE_NOT_FOUND', 'QR_NOT_READY', 'ALREADY_PAIRED'],
      },
      schema: {
        operationId: 'getQrCode',
        tags: ['Instances'],
        summary: 'Get the QR code to link a phone with',
        description:
          'As JSON, as `image/png`, as `image/svg+xml`, or drawn with characters for a terminal as `text/plain`: say which by `Accept`. WhatsApp replaces the code every 20 to 60 seconds; ask again when it expires.',
        params: InstanceParams,
        querystring: Type.Object(
          {
            wait: Type.Optional(
              Type.Integer({
                minimum: 0,
                maximum: longestWaitSeconds,
                description: 'Seconds to wait for a code if there is none yet. Default 0',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: {
            description: 'The code of the moment',
            content: {
              'application/json': { schema: QrCode },
              'image/png': { schema: Type.Unsafe<Buffer>({ type: 'string', contentMediaType: 'image/png' }) },
              'image/svg+xml': { schema: Type.Unsafe<string>({ type: 'string' }) },
              'text/plain': { schema: Type.Unsafe<string>({ type: 'string' }) },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const { id } = await findInstance(parts, request, request.params.instance);
      const look = async () => {
        const instance = await instances.get(id);
        if (!instance) throw apiError('INSTANCE_NOT_FOUND', id);
        if (instance.paired) throw apiError('ALREADY_PAIRED');
        return instance.qr && instance.qr.expiresAt > Date.now() ? instance.qr : undefined;
      };
      const code = await changes.waitFor(id, look, {
        timeoutMs: (request.query.wait ?? 0) * 1_000,
        signal: patience(reply, closing),
      });
      if (!code) throw apiError('QR_NOT_READY', cure(await findInstance(parts, request, id)));
      const type = preferredType(request.headers.accept, mediaTypes);
      // A code is worth an account: no cache may keep it.
      reply.header('cache-control', 'no-store').header('vary', 'accept');
      reply.type(type.startsWith('image/') ? type : `${type}; charset=utf-8`);
      return reply.send(await renderers[type](code));
    },
  );
};
