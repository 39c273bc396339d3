import { type TSchema, Type } from 'typebox';

/** Digits of a phone number, without plus sign. */
export const Phone = Type.String({ pattern: '^[0-9]{5,20}$', description: 'phone number, digits only' });

/** Whom a message goes to. */
export const Chat = Type.String({
  pattern: '^([0-9]{5,20}|[0-9-]+@g\\.us)$',
  description: 'phone number of an account, digits only, or JID of a group',
});

export const PhoneParameter = Type.Object({ phone: Phone });

const AdminError = Type.Object({
  statusCode: Type.Integer(),
  code: Type.Optional(Type.String()),
  error: Type.String(),
  message: Type.String(),
});

export const Linked = Type.Object(
  {
    jid: Type.String({ description: 'PN JID of the new device' }),
    lid: Type.String({ description: 'LID JID of the new device' }),
    phone: Type.String(),
    device: Type.Integer(),
  },
  { description: 'The device that was linked' },
);

export const Milliseconds = Type.Integer({ minimum: 0, maximum: 3_600_000, description: 'milliseconds' });

/** How many connections a fault hit. */
export const Affected = Type.Object({ affected: Type.Integer() }, { description: 'How many connections it concerned' });

/** `{200: schema}` with the error shape for what may go wrong. */
export function answers<T extends TSchema>(schema: T) {
  return { 200: schema, '4xx': AdminError };
}
