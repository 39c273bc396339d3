import type { CloseReason, EventData, FlotillaEvent } from '@flotilla/contracts';
import { type Format, nameOf } from './format.ts';

const statePath = '/whatsapp-qr/webhook';
const messagePath = '/whatsapp-qr/incoming';

/** Why the connection ended, in words like the document's `logout`. */
const reasons: Record<CloseReason, string> = {
  'logged-out': 'logout',
  refused: 'forbidden',
  banned: 'banned',
  replaced: 'replaced',
  'pairing-timeout': 'qr_timeout',
  stopped: 'disconnected',
};
const connectionLost = 'connection_lost';

/** ISO 8601 in UTC, without milliseconds. */
const isoSeconds = (ms: number) => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** What is told of a state; undefined of those on the way to another one. */
function stateOf({ state, reason }: EventData<'connection.update'>, occurredAt: number) {
  switch (state) {
    case 'open':
      return { type: 'connected', data: { connectedAt: isoSeconds(occurredAt) } };
    case 'closed':
      return { type: 'disconnected', data: { reason: reason ? reasons[reason] : connectionLost } };
    case 'backing-off':
      return { type: 'disconnected', data: { reason: connectionLost } };
    default:
      return undefined;
  }
}

/** A chat with one person: there is no field for any other. */
const isDirect = (chat: string) => /@(s\.whatsapp\.net|lid)$/.test(chat);

/** Notifications of whatsapp-qr-service. */
export const qrService: Format = {
  events: ['qrcode.updated', 'connection.update', 'messages.upsert'],
  async format(event: FlotillaEvent, context) {
    const sessionId = nameOf(context);
    const { chatbotId } = context.instance.metadata ?? {};
    switch (event.type) {
      case 'qrcode.updated': {
        const data = { qrCode: await context.qrDataUrl(event.data.qr) };
        return { path: statePath, body: { type: 'qr', sessionId, data, chatbotId } };
      }
      case 'connection.update': {
        const state = stateOf(event.data, event.occurredAt);
        return state && { path: statePath, body: { type: state.type, sessionId, data: state.data, chatbotId } };
      }
      case 'messages.upsert': {
        const { id, chat, fromMe, sender, timestamp, kind, text } = event.data.message;
        if (fromMe || !isDirect(chat) || kind === 'unreadable') return undefined;
        const body = {
          sessionId,
          from: sender.phone ?? sender.jid,
          message: text ?? '',
          timestamp: isoSeconds(timestamp),
          messageId: id,
          chatbotId,
        };
        return { path: messagePath, body };
      }
      default:
        return undefined;
    }
  },
};
