import type { MessageStatus } from '@flotilla/contracts';
import type { StoredInstance } from '@flotilla/instance';
import Type from 'typebox';
import { statusOf } from '../../instance-view.ts';
import type { ErrorShape } from '../../plugins/errors.ts';
import { nameOf } from '../named-instance.ts';

/** Baileys' words for a connection, as the documented event `connection.update` has them. */
export const lunaStates = ['connecting', 'open', 'close'] as const;
type LunaState = (typeof lunaStates)[number];

/** An instance as this dialect answers it: under the names that the documented events have. */
export const LunaInstance = Type.Object({
  instance: Type.String({ description: 'Its name' }),
  name: Type.String({ description: 'The same' }),
  state: Type.Enum([...lunaStates]),
  phoneNumber: Type.Union([Type.String(), Type.Null()]),
  profileName: Type.Union([Type.String(), Type.Null()]),
  createdAt: Type.String({ format: 'date-time' }),
});

/** As events say it: while the next try is waited for, Baileys has closed. */
export function lunaState(instance: StoredInstance): LunaState {
  const { state } = statusOf(instance);
  if (state === 'open') return 'open';
  return ['new', 'closed', 'backing-off'].includes(state) ? 'close' : 'connecting';
}

export function toLunaInstance(instance: StoredInstance) {
  const { phone, pushName } = instance.status;
  const name = nameOf(instance);
  return {
    instance: name,
    name,
    state: lunaState(instance),
    phoneNumber: phone ?? null,
    profileName: pushName ?? null,
    createdAt: new Date(instance.createdAt).toISOString(),
  };
}

/** A message's status as the number that Baileys has for it: the documented `messages.update` has the same. */
export const baileysStatus: Record<MessageStatus, number> = {
  failed: 0,
  queued: 1,
  sending: 1,
  acked: 2,
  delivered: 3,
  read: 4,
  played: 5,
};

export const LunaError = Type.Object({
  error: Type.String({ description: 'What is wrong, in a sentence' }),
  code: Type.String({ description: 'The same for programs' }),
});

export const lunaError: ErrorShape = ({ statusCode, code, message }) => ({
  // What WhatsApp refuses failed in the old service, too, with its general answer for that.
  statusCode: code === 'REFUSED_BY_WHATSAPP' ? 500 : statusCode,
  body: { error: message, code },
});
