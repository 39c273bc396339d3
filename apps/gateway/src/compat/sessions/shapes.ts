import { createHash } from 'node:crypto';
import type { StoredInstance } from '@flotilla/instance';
import Type, { type Static } from 'typebox';
import type { ErrorShape } from '../../plugins/errors.ts';
import { nameOf } from '../named-instance.ts';

/** The words of the document, and the one that its text implies for a session that has lost its connection. */
export const sessionStatuses = ['idle', 'waiting-qr', 'waiting-code', 'connected', 'disconnected'] as const;
export type SessionStatus = (typeof sessionStatuses)[number];

const status = Type.Enum([...sessionStatuses]);
const orNull = Type.Union([Type.String(), Type.Null()]);
const time = Type.String({ format: 'date-time' });
const timeOrNull = Type.Union([time, Type.Null()]);

export const SessionParams = Type.Object({ sessionId: Type.String() });
export const Success = Type.Object({ success: Type.Literal(true) });

/** The answer to creation. */
export const CreatedSession = Type.Object({
  _id: Type.String({ description: '24 hexadecimal digits, always the same for a session' }),
  sessionId: Type.String(),
  label: orNull,
  status,
  createdAt: time,
  updatedAt: time,
});

/** An entry of the list. */
export const SessionItem = Type.Object({
  sessionId: Type.String(),
  status,
  phoneNumber: Type.Union([Type.String(), Type.Null()], { description: 'The linked number, digits only' }),
  pairingCode: orNull,
  qrCodeUpdatedAt: timeOrNull,
});

/** All of a session. */
export const SessionModel = Type.Object({
  ...CreatedSession.properties,
  ...SessionItem.properties,
  pairingCodeExpiresAt: timeOrNull,
  qrCode: Type.Union([Type.String(), Type.Null()], { description: 'What the QR code says' }),
});
type SessionModel = Static<typeof SessionModel>;

export const iso = (ms: number): string => new Date(ms).toISOString();

/** Digits of the old service's database ids: the time of creation, and what tells it from others. */
const objectId = ({ id, createdAt }: StoredInstance) =>
  Math.floor(createdAt / 1_000)
    .toString(16)
    .padStart(8, '0') + createHash('sha256').update(id).digest('hex').slice(0, 16);

/** `ABCD1234` as the phone shows it: `ABCD-1234`. */
const grouped = (code: string) => code.replace(/^(\w{4})(\w{4})$/, '$1-$2');

/** The pairing code and the QR code that can be used now: none once a phone is linked. */
export function codesOf({ paired, qr, pairingCode }: StoredInstance) {
  const now = Date.now();
  return {
    qr: !paired && qr && qr.expiresAt > now ? qr : undefined,
    pairing: !paired && pairingCode && pairingCode.expiresAt > now ? pairingCode : undefined,
  };
}

/** A pairing code is what somebody asked for, so it goes before the QR code that there is beside it. */
export function sessionStatus(instance: StoredInstance): SessionStatus {
  const { paired, status } = instance;
  if (paired) return status.state === 'open' ? 'connected' : 'disconnected';
  const { qr, pairing } = codesOf(instance);
  if (pairing) return 'waiting-code';
  if (qr) return 'waiting-qr';
  return status.state === 'closed' ? 'disconnected' : 'idle';
}

/** How long a pairing code is shown, if the port says less than WhatsApp (ms): `PAIRING_CODE_TTL`. */
export function codeLifetime(variables: Readonly<Record<string, string>>): number {
  const ms = Number(variables.PAIRING_CODE_TTL);
  return Number.isFinite(ms) && ms > 0 ? ms : Number.POSITIVE_INFINITY;
}

/** The fields of a code, for whoever has just asked for it. */
export const toPairing = (code: { code: string; expiresAt: number }) => ({
  pairingCode: grouped(code.code),
  pairingCodeExpiresAt: iso(code.expiresAt),
});

/** @param qrAt when the QR code came (Unix ms), if there is one */
export function toModel(instance: StoredInstance, qrAt: number | undefined): SessionModel {
  const { name, createdAt, status } = instance;
  const { qr, pairing } = codesOf(instance);
  const sessionId = nameOf(instance);
  return {
    _id: objectId(instance),
    sessionId,
    label: name === sessionId ? null : name,
    status: sessionStatus(instance),
    phoneNumber: status.phone ?? null,
    pairingCode: null,
    pairingCodeExpiresAt: null,
    ...(pairing && toPairing(pairing)),
    qrCode: qr?.text ?? null,
    qrCodeUpdatedAt: qr && qrAt !== undefined ? iso(qrAt) : null,
    createdAt: iso(createdAt),
    updatedAt: iso(Math.max(createdAt, status.since, (qr && qrAt) ?? 0)),
  };
}

export const SessionsError = Type.Object({
  error: Type.String({ description: 'What is wrong, in a sentence' }),
  message: Type.String({ description: 'The same' }),
  code: Type.String({ description: 'The same for programs' }),
});

/** Codes that the document has another status for. */
const statuses: Record<string, number> = {
  // "sessão não conectada para envio"
  INSTANCE_NOT_PAIRED: 400,
  INSTANCE_NOT_CONNECTED: 400,
  // "Falha inesperada": the old service knew no other
  REFUSED_BY_WHATSAPP: 500,
  PAIRING_CODE_TIMEOUT: 500,
};

export const sessionsError: ErrorShape = ({ statusCode, code, message }) => ({
  statusCode: statuses[code] ?? statusCode,
  body: { error: message, message, code },
});
