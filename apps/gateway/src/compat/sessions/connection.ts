import Type from 'typebox';
import { apiError } from '../../errors.ts';
import { findInstance } from '../../instance-view.ts';
import { issuePairingCode } from '../../pairing-code.ts';
import { readPhone } from '../../recipient.ts';
import { readQr } from '../current-qr.ts';
import type { DialectRoutes } from '../dialect.ts';
import { neededText, TextOrNumber } from '../field.ts';
import { nameOf } from '../named-instance.ts';
import { qrTime } from './session-routes.ts';
import { codeLifetime, iso, SessionParams, sessionStatus, sessionStatuses, toPairing } from './shapes.ts';

const tags = ['Sessions'];
const time = Type.String({ format: 'date-time' });

const CurrentCode = Type.Object({
  sessionId: Type.String(),
  available: Type.Boolean(),
  qrCode: Type.Union([Type.String(), Type.Null()], { description: 'What the QR code says' }),
  qrCodeUpdatedAt: Type.Union([time, Type.Null()]),
  status: Type.Enum([...sessionStatuses]),
});

const Pairing = Type.Object({
  pairingCode: Type.String({ description: 'Eight characters, as the phone shows them: XXXX-XXXX' }),
  session: Type.Object({
    sessionId: Type.String(),
    status: Type.Enum([...sessionStatuses]),
    pairingCode: Type.String(),
    pairingCodeExpiresAt: time,
  }),
});

/** How a session gets its phone: by QR code or by pairing code. */
export const connectionRoutes: DialectRoutes = async (app, parts) => {
  app.get(
    '/api/sessions/:sessionId/qr',
    {
      config: { access: 'instances:read' },
      schema: {
        tags,
        summary: 'Get the QR code of the moment',
        description: 'Waits up to ten seconds for one.',
        params: SessionParams,
        response: { 200: CurrentCode },
      },
    },
    async (request, reply) => {
      const found = await findInstance(parts, request, request.params.sessionId);
      const { instance, code } = await readQr(parts, found, reply);
      const at = code && (await qrTime(parts, instance));
      return {
        sessionId: nameOf(instance),
        available: code !== undefined,
        qrCode: code?.text ?? null,
        qrCodeUpdatedAt: at === undefined ? null : iso(at),
        status: sessionStatus(instance),
      };
    },
  );

  app.post(
    '/api/sessions/:sessionId/pairing-code',
    {
      config: { access: 'instances:write' },
      schema: {
        tags,
        summary: 'Get a code to type on the phone',
        params: SessionParams,
        body: Type.Object({ phoneNumber: Type.Optional(TextOrNumber) }),
        response: { 200: Pairing },
      },
    },
    async (request, reply) => {
      const phone = readPhone(neededText(request.body, 'phoneNumber'));
      if ('reason' in phone) throw apiError('VALIDATION', `phoneNumber: ${phone.reason}`);
      const instance = await findInstance(parts, request, request.params.sessionId);
      const issued = await issuePairingCode(parts, reply, instance, phone.digits);
      const expiresAt = Math.min(issued.expiresAt, Date.now() + codeLifetime(parts.variablesOf(request)));
      const { pairingCode, pairingCodeExpiresAt } = toPairing({ ...issued, expiresAt });
      const session = { sessionId: nameOf(instance), status: 'waiting-code' as const };
      return { pairingCode, session: { ...session, pairingCode, pairingCodeExpiresAt } };
    },
  );
};
