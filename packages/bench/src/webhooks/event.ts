import { eventId, type FlotillaEvent } from '@flotilla/contracts';

/** An event as they usually are: a message of about a kilobyte. */
export function sampleEvent(instance: string, sequence: number): FlotillaEvent {
  const jid = '15551230001@s.whatsapp.net';
  return {
    id: eventId(instance, sequence),
    type: 'messages.upsert',
    instance,
    sequence,
    occurredAt: Date.now(),
    data: {
      message: {
        id: `3EB0${String(sequence).padStart(18, '0')}`,
        chat: jid,
        from: { jid },
        fromMe: false,
        timestamp: Date.now(),
        kind: 'text',
        text: 'On a winter evening the ferry leaves at nine. '.repeat(16),
      },
    },
  } as unknown as FlotillaEvent;
}
