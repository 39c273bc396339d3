import type { EventData, EventMessage, EventType, FlotillaEvent, FormatName } from '@flotilla/contracts';
import type { FormatContext } from '../src/format.ts';
import { formats } from '../src/formats.ts';

/** An instance, and a QR code that says what it was made of. */
export function contextOf(instance: Partial<FormatContext['instance']>): FormatContext {
  return {
    instance: { id: 'ins_1', name: 'A shop', ...instance },
    qrDataUrl: async (text) => `data:image/png;base64,${Buffer.from(text).toString('base64')}`,
  };
}

/** When samples happen, unless a document says otherwise. */
const newYear = Date.parse('2024-01-01T00:00:00.000Z');

/** An event of an instance. */
export function eventOf<T extends EventType>(type: T, data: EventData<T>, occurredAt = newYear): FlotillaEvent {
  return { id: 'evt_1_7', instance: 'ins_1', sequence: 7, occurredAt, type, data } as FlotillaEvent;
}

/** A text from somebody, or what differs from it. */
export function messageOf(change: Partial<EventMessage> = {}): EventMessage {
  return {
    id: 'message-id',
    chat: '5511999999999@s.whatsapp.net',
    fromMe: false,
    sender: { jid: '5511999999999@s.whatsapp.net', phone: '5511999999999', pushName: 'Contact Name' },
    timestamp: newYear,
    kind: 'text',
    type: 'conversation',
    text: 'Hello!',
    ...change,
  };
}

/** An upsert of such a message. */
export const upsertOf = (change: Partial<EventMessage> = {}, type: 'notify' | 'append' = 'notify') =>
  eventOf('messages.upsert', { type, message: messageOf(change) });

/** What is posted: the body as text with two spaces, as documents show it, and the path. */
export async function posted(name: FormatName, event: FlotillaEvent, context: FormatContext) {
  const formatted = await formats[name].format(event, context);
  return formatted && { path: formatted.path, text: JSON.stringify(formatted.body, null, 2) };
}

/** The body as a receiver parses it. */
export async function bodyOf(name: FormatName, event: FlotillaEvent, context: FormatContext): Promise<unknown> {
  const told = await posted(name, event, context);
  return told && JSON.parse(told.text);
}
