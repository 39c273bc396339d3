import type { StoredInstance } from '@flotilla/instance';
import Type from 'typebox';
import { statusOf } from '../../instance-view.ts';
import type { ErrorShape } from '../../plugins/errors.ts';

/** The words of the document. */
export const qrServiceStatuses = ['disconnected', 'connecting', 'qr_ready', 'connected'] as const;
type QrServiceStatus = (typeof qrServiceStatuses)[number];

/** As notifications say it: while the next try is waited for, there is no connection. */
export function qrServiceStatus(instance: StoredInstance): QrServiceStatus {
  const { state } = statusOf(instance);
  if (state === 'open') return 'connected';
  const { desired, paired, qr } = instance;
  // Taken by a worker that has not got so far as to say anything.
  if (state === 'new') return desired === 'connected' ? 'connecting' : 'disconnected';
  if (state === 'closed' || state === 'backing-off') return 'disconnected';
  return !paired && qr && qr.expiresAt > Date.now() ? 'qr_ready' : 'connecting';
}

/** ISO 8601 in UTC without milliseconds, as the document's samples are. */
export const isoSeconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');

export const QrServiceError = Type.Object({
  success: Type.Literal(false),
  error: Type.String({ description: 'What is wrong, in a sentence' }),
  code: Type.String({ description: 'The same for programs' }),
});

export const qrServiceError: ErrorShape = ({ statusCode, code, message }) => ({
  // What WhatsApp refuses failed in the old service, too, with its general answer for that.
  statusCode: code === 'REFUSED_BY_WHATSAPP' ? 500 : code === 'INSTANCE_NOT_PAIRED' ? 400 : statusCode,
  body: { success: false, error: message, code },
});
