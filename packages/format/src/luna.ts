import { createHash } from 'node:crypto';
import type { EventData, EventType, FlotillaEvent, MessageStatus } from '@flotilla/contracts';
import { type Format, isoTime, nameOf } from './format.ts';
import { contentOf } from './wa-content.ts';
import { type WaKey, waKey, waMessage } from './wa-message.ts';

/** Baileys' numbers of what becomes of a message (`proto.WebMessageInfo.Status`). */
const statusNumbers: Record<MessageStatus, number> = {
  failed: 0,
  queued: 1,
  sending: 1,
  acked: 2,
  delivered: 3,
  read: 4,
  played: 5,
};

/** `messageStubType` of a message that was deleted for everyone. */
const revokeStub = 1;

/** Baileys' words for the state of a connection; a QR code has an event of its own. */
const states: Partial<Record<EventData<'connection.update'>['state'], string>> = {
  connecting: 'connecting',
  open: 'open',
  'backing-off': 'close',
  closed: 'close',
};

type Update = { key: WaKey; update: object };

/** A change of a message as Baileys tells it; undefined of what it does not tell. */
function updateOf(data: EventData<'messages.update'>): Update | undefined {
  const { id, chat, status, edited, deleted, starred, vote } = data;
  const key: WaKey = { remoteJid: chat, fromMe: data.fromMe ?? true, id };
  if (status !== undefined) return { key, update: { status: statusNumbers[status] } };
  if (edited) {
    const { message, at } = edited;
    const update = {
      message: { editedMessage: { message: contentOf(message) } },
      messageTimestamp: Math.floor(at / 1_000),
    };
    return { key: waKey(message), update };
  }
  if (deleted) return { key, update: { message: null, messageStubType: revokeStub, key } };
  if (starred !== undefined) return { key, update: { starred } };
  if (!vote || vote.unreadable) return undefined;
  const pollUpdate = {
    pollUpdateMessageKey: { remoteJid: chat, fromMe: false, participant: vote.voter.jid },
    // Options are known by the hash of their words, in votes.
    vote: { selectedOptions: vote.options.map((option) => createHash('sha256').update(option).digest('base64')) },
    senderTimestampMs: vote.at,
  };
  return { key, update: { pollUpdates: [pollUpdate] } };
}

/** Events of luna-whatsapp-service. */
export const luna: Format = {
  events: ['qrcode.updated', 'connection.update', 'messages.upsert', 'messages.update'] satisfies EventType[],
  async format(event: FlotillaEvent, context) {
    const instance = nameOf(context);
    const told = (data: object) => ({ body: { event: event.type, data, timestamp: isoTime(event.occurredAt) } });
    switch (event.type) {
      case 'qrcode.updated':
        return told({ instance, qrCode: await context.qrDataUrl(event.data.qr) });
      case 'connection.update': {
        const state = states[event.data.state];
        if (state === undefined) return undefined;
        if (state !== 'open') return told({ instance, state });
        const { phone, pushName } = event.data;
        return told({
          instance,
          state,
          phoneNumber: phone ?? context.instance.phone,
          profileName: pushName ?? context.instance.pushName,
        });
      }
      case 'messages.upsert':
        return told({ instance, data: waMessage(event.data.message) });
      case 'messages.update': {
        const update = updateOf(event.data);
        return update && told({ instance, update });
      }
      default:
        return undefined;
    }
  },
};
