import type { CloseReason, EventData, FlotillaEvent } from '@flotilla/contracts';
import { type Format, type FormatContext, nameOf } from './format.ts';
import { wwebMessage } from './wweb-message.ts';

/** Why a session is disconnected, in whatsapp-web.js' words (`LOGOUT`, or a `WAState`). */
const reasons: Record<CloseReason, string> = {
  'logged-out': 'LOGOUT',
  refused: 'UNPAIRED',
  banned: 'TOS_BLOCK',
  replaced: 'CONFLICT',
  'pairing-timeout': 'Max qrcode retries reached',
  stopped: 'UNLAUNCHED',
};

/** What is told of a state; undefined where the QR code tells it. */
function stateOf(data: EventData<'connection.update'>, { instance }: FormatContext): object | undefined {
  switch (data.state) {
    case 'connecting':
      return { status: data.isNewLogin ? 'authenticated' : 'connecting' };
    case 'open': {
      const user = data.phone ?? instance.phone ?? '';
      const wid = { server: 'c.us', user, _serialized: `${user}@c.us` };
      return { status: 'connected', info: { pushname: data.pushName ?? instance.pushName, wid } };
    }
    case 'backing-off':
      return { status: 'disconnected', reason: 'TIMEOUT' };
    case 'closed':
      return { status: 'disconnected', reason: data.reason ? reasons[data.reason] : 'TIMEOUT' };
    default:
      return undefined;
  }
}

/** Events of whatsapp-service, which is built on whatsapp-web.js. */
export const wwebjs: Format = {
  events: ['qrcode.updated', 'connection.update', 'messages.upsert'],
  async format(event: FlotillaEvent, context) {
    const told = (name: string, data: object) => ({ body: { event: name, sessionId: nameOf(context), data } });
    switch (event.type) {
      case 'qrcode.updated': {
        const { qr } = event.data;
        return told('connection_update', { status: 'qr_received', qr, qrCode: await context.qrDataUrl(qr) });
      }
      case 'connection.update': {
        const state = stateOf(event.data, context);
        return state && told('connection_update', state);
      }
      case 'messages.upsert': {
        const { message } = event.data;
        // Its `message` is of what others write; what cannot be read is none yet.
        if (message.fromMe || message.kind === 'unreadable') return undefined;
        return told('message', wwebMessage(message, context));
      }
      default:
        return undefined;
    }
  },
};
