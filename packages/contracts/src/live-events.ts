import Type, { type Static } from 'typebox';
import { EventEnvelope } from './events/envelope.ts';

/** Answer to the request for a ticket. */
export const EventTicket = Type.Object(
  {
    ticket: Type.String({ description: 'For the query of one `GET /v1/events`: `?ticket=…`' }),
    expiresAt: Type.Integer({ description: 'Unix ms. A stream that has begun may last longer' }),
  },
  { $id: 'EventTicket' },
);
export type EventTicket = Static<typeof EventTicket>;

/** Events that the stream should have shown but that are kept no longer. */
export const EventGap = Type.Object(
  {
    instance: Type.String(),
    from: Type.Integer({ description: 'Sequence of the first event that is missing' }),
    to: Type.Integer({ description: 'Sequence of the last one' }),
  },
  { $id: 'EventGap' },
);
export type EventGap = Static<typeof EventGap>;

/** Why a stream ended: the last thing that it says, with the code that a WebSocket is closed with. */
export const streamEnds = {
  CLOSING: { closeCode: 1012, message: 'This gateway is shutting down: connect again, with your last cursor' },
  TOO_SLOW: {
    closeCode: 4408,
    message: 'Nothing was taken from this stream for too long: connect again with your last cursor, and read faster',
  },
  EVENTS_LOST: {
    closeCode: 4410,
    message: 'The stream fell behind what is kept: go on with ?after=0 or without a cursor',
  },
  KEY_INVALID: { closeCode: 4401, message: 'The API key of this stream was revoked, has expired or lost its scope' },
  VALIDATION: { closeCode: 4400, message: 'Nothing may be sent on this WebSocket: it only shows events' },
  INTERNAL: { closeCode: 4500, message: 'Something went wrong on our side: connect again with your last cursor' },
} as const satisfies Record<string, { closeCode: number; message: string }>;
export type StreamEnd = keyof typeof streamEnds;

/** The close code of a WebSocket that is refused with an error of the API. */
export const refusalCloseCode = (statusCode: number) => 4_000 + statusCode;

/** A message of the WebSocket. One without anything but `cursor` tells the position: at the beginning, and at times. */
export const StreamMessage = Type.Object(
  {
    cursor: Type.Optional(Type.String({ description: 'Give it back as `?after=` to go on behind this message' })),
    event: Type.Optional(EventEnvelope),
    gap: Type.Optional(EventGap),
    end: Type.Optional(
      Type.Object(
        { code: Type.String(), message: Type.String() },
        { description: 'Why the WebSocket is closed after this' },
      ),
    ),
  },
  { $id: 'StreamMessage' },
);
export type StreamMessage = Static<typeof StreamMessage>;
