import type { StoredInstance } from '@flotilla/instance';
import Type, { type Static } from 'typebox';
import { statusOf } from '../../instance-view.ts';
import type { ErrorShape } from '../../plugins/errors.ts';
import { nameOf } from '../named-instance.ts';

/** Words for a session, the same as the event `connection_update` has. */
export const sessionStatuses = ['connecting', 'qr_received', 'connected', 'disconnected'] as const;
type SessionStatus = (typeof sessionStatuses)[number];

export const SessionParams = Type.Object({ sessionId: Type.String() });

/** An id as whatsapp-web.js has it. */
export const Wid = Type.Object({ server: Type.String(), user: Type.String(), _serialized: Type.String() });

/** The id of somebody or something, from its JID. */
export function toWid(serialized: string): Static<typeof Wid> {
  const [user = '', server = ''] = serialized.split('@');
  return { server, user, _serialized: serialized };
}

export const Session = Type.Object({
  sessionId: Type.String(),
  status: Type.Enum([...sessionStatuses]),
  info: Type.Union(
    [Type.Object({ pushname: Type.Optional(Type.String()), wid: Wid, platform: Type.Literal('android') }), Type.Null()],
    { description: "The linked account, as whatsapp-web.js' `ClientInfo`" },
  ),
  createdAt: Type.String({ format: 'date-time' }),
});

export function sessionStatus(instance: StoredInstance): SessionStatus {
  const { state } = statusOf(instance);
  if (state === 'open') return 'connected';
  const { desired, paired, qr } = instance;
  // Taken by a worker that has not got so far as to say anything.
  if (state === 'new') return desired === 'connected' ? 'connecting' : 'disconnected';
  if (state === 'closed' || state === 'backing-off') return 'disconnected';
  return !paired && qr && qr.expiresAt > Date.now() ? 'qr_received' : 'connecting';
}

export function toSession(instance: StoredInstance): Static<typeof Session> {
  const { phone, pushName } = instance.status;
  return {
    sessionId: nameOf(instance),
    status: sessionStatus(instance),
    info:
      phone === undefined
        ? null
        : { ...(pushName !== undefined && { pushname: pushName }), wid: toWid(`${phone}@c.us`), platform: 'android' },
    createdAt: new Date(instance.createdAt).toISOString(),
  };
}

export const WwebjsError = Type.Object({
  success: Type.Literal(false),
  error: Type.String({ description: 'What is wrong, in a sentence' }),
  code: Type.String({ description: 'The same for programs' }),
});

export const wwebjsError: ErrorShape = ({ statusCode, code, message }) => ({
  // What WhatsApp refuses failed in the old service, too, with its general answer for that.
  statusCode: code === 'REFUSED_BY_WHATSAPP' ? 500 : statusCode,
  body: { success: false, error: message, code },
});
