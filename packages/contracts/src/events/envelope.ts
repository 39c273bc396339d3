import Type, { type Static, type TSchema } from 'typebox';
import { closeReasons, connectionStates } from '../instance.ts';
import { groupEvents } from './group-events.ts';
import { messageEvents } from './message-events.ts';
import { peopleEvents } from './people-events.ts';
import { webhookEvents } from './webhook-events.ts';

const keys = <T extends object>(table: T) => Object.keys(table) as Extract<keyof T, string>[];

/** Payload (`data`) of every event, by type. The names are Baileys' where Baileys has one. */
export const events = {
  'connection.update': Type.Object(
    {
      state: Type.Enum(keys(connectionStates)),
      reason: Type.Optional(Type.Enum(keys(closeReasons))),
      code: Type.Optional(Type.Integer()),
      jid: Type.Optional(Type.String()),
      lid: Type.Optional(Type.String()),
      phone: Type.Optional(Type.String()),
      pushName: Type.Optional(
        Type.String({ description: 'The profile name of the number, once WhatsApp has told it' }),
      ),
      isNewLogin: Type.Optional(
        Type.Boolean({ description: 'With `connecting`: a phone has just linked this device' }),
      ),
    },
    { description: 'The connection changed state' },
  ),
  'qrcode.updated': Type.Object(
    { qr: Type.String(), expiresAt: Type.Integer({ description: 'Unix ms' }) },
    { description: 'There is a new QR code to scan' },
  ),
  ...messageEvents,
  ...peopleEvents,
  ...groupEvents,
  ...webhookEvents,
} as const satisfies Record<string, TSchema>;

export type EventType = keyof typeof events;
export type EventData<T extends EventType> = Static<(typeof events)[T]>;

/** An event before the log has numbered it. */
export type NewEvent = { [T in EventType]: { type: T; occurredAt: number; data: EventData<T> } }[EventType];

/** An event as everyone outside sees it. */
export type FlotillaEvent = NewEvent & {
  /** The same in every delivery of this event, for ever. */
  id: string;
  instance: string;
  /** Rises by one with each event of the instance: a gap means that something is missing. */
  sequence: number;
};

/** The envelope's schema, for documentation and for checks. */
export const EventEnvelope = Type.Object(
  {
    id: Type.String(),
    type: Type.Enum(keys(events)),
    instance: Type.String(),
    sequence: Type.Integer(),
    occurredAt: Type.Integer({ description: 'Unix ms' }),
    data: Type.Object({}, { additionalProperties: true }),
  },
  { $id: 'Event' },
);

/**
 * The id of an event.
 * @param instance the instance's id
 * @param sequence the event's number in the instance's log
 */
export const eventId = (instance: string, sequence: number) => `evt_${instance.replace(/^ins_/, '')}_${sequence}`;
