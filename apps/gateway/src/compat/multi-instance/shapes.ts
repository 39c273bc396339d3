import type { StoredInstance } from '@flotilla/instance';
import Type from 'typebox';
import { statusOf } from '../../instance-view.ts';
import type { ErrorShape } from '../../plugins/errors.ts';
import { nameOf } from '../named-instance.ts';

/** Words for a connection that its events have: `connection.open`, `connection.close`, `qr.update`; and what is between. */
export const instanceStatuses = ['connecting', 'qr', 'open', 'close'] as const;
type InstanceStatus = (typeof instanceStatuses)[number];

export const InstanceParams = Type.Object({ id: Type.String({ description: 'Its `instanceId`' }) });

export const InstanceInfo = Type.Object({
  instanceId: Type.String(),
  status: Type.Enum([...instanceStatuses]),
  connected: Type.Boolean(),
  phoneNumber: Type.Union([Type.String(), Type.Null()]),
  name: Type.Union([Type.String(), Type.Null()], { description: 'The profile name of the phone' }),
  webhook: Type.Union([Type.String(), Type.Null()]),
  createdAt: Type.String({ format: 'date-time' }),
});

/** As events say it: while the next try is waited for, the connection is closed. */
export function statusWord(instance: StoredInstance): InstanceStatus {
  const { state } = statusOf(instance);
  if (state === 'open') return 'open';
  if (['new', 'closed', 'backing-off'].includes(state)) return 'close';
  const { qr, paired } = instance;
  return !paired && qr && qr.expiresAt > Date.now() ? 'qr' : 'connecting';
}

/** @param webhook where its events are posted */
export function toInfo(instance: StoredInstance, webhook: string | undefined) {
  const { phone, pushName } = instance.status;
  const status = statusWord(instance);
  return {
    instanceId: nameOf(instance),
    status,
    connected: status === 'open',
    phoneNumber: phone ?? null,
    name: pushName ?? null,
    webhook: webhook ?? null,
    createdAt: new Date(instance.createdAt).toISOString(),
  };
}

export const MultiInstanceError = Type.Object({
  success: Type.Literal(false),
  error: Type.String({ description: 'What is wrong, in a sentence' }),
  code: Type.String({ description: 'The same for programs' }),
});

export const multiInstanceError: ErrorShape = ({ statusCode, code, message }) => ({
  // What WhatsApp refuses failed in the old service, too, with its general answer for that.
  statusCode: code === 'REFUSED_BY_WHATSAPP' ? 500 : statusCode,
  body: { success: false, error: message, code },
});
