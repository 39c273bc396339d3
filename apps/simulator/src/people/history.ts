import { deflateSync } from 'node:zlib';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { type Device, now } from '../device.ts';
import type { Network } from '../network.ts';
import { node } from '../wire/node.ts';
import { randomMessageId } from './contact.ts';

const { HistorySyncType } = proto.HistorySync;
const { Type } = proto.Message.ProtocolMessage;

/** Contacts whose LID a new device is told: a phone has some chats, not the whole world. */
const maxMappings = 50;

/**
 * The first messages of an account's phone to a new device: the key of the app state, and a history, which is empty but
 * ends the client's wait for its initial sync. The payloads are inline: a blob would be fetched from WhatsApp.
 */
export async function sendHistory(network: Network, device: Device): Promise<void> {
  const { account } = device;
  const mappings = [...network.accounts]
    .filter((each) => each.contact && each.exists)
    .slice(0, maxMappings)
    .map((each) => ({ pnJid: each.jid('pn'), lidJid: each.jid('lid') }));
  await sendPeerMessage(device, {
    type: Type.APP_STATE_SYNC_KEY_SHARE,
    appStateSyncKeyShare: {
      keys: [
        {
          keyId: { keyId: account.appStateKey.id },
          keyData: {
            keyData: account.appStateKey.data,
            fingerprint: { rawId: 1, currentIndex: 0, deviceIndexes: [0] },
            timestamp: now() * 1000,
          },
        },
      ],
    },
  });
  await sendChunk(device, 1, { syncType: HistorySyncType.INITIAL_BOOTSTRAP, phoneNumberToLidMappings: mappings });
  await sendChunk(device, 2, {
    syncType: HistorySyncType.PUSH_NAME,
    pushnames: [{ id: account.jid('pn'), pushname: account.name }],
  });
  await sendChunk(device, 3, { syncType: HistorySyncType.RECENT, progress: 100 });
}

function sendChunk(device: Device, chunkOrder: number, history: proto.IHistorySync): Promise<void> {
  const payload = deflateSync(proto.HistorySync.encode(history as proto.HistorySync).finish());
  return sendPeerMessage(device, {
    type: Type.HISTORY_SYNC_NOTIFICATION,
    historySyncNotification: {
      // The two enumerations have the same numbers.
      syncType: Number(history.syncType),
      chunkOrder,
      progress: history.progress,
      initialHistBootstrapInlinePayload: payload,
    },
  });
}

/** From the own phone, and without a recipient: that is how clients know that it concerns themselves. */
async function sendPeerMessage(device: Device, protocolMessage: proto.Message.IProtocolMessage): Promise<void> {
  const { account } = device;
  const { party } = account;
  const peer = account.peer(device.id);
  if (!party.hasSession(peer)) await party.openSession(peer, device.takeBundle());
  const { type, content } = await party.encrypt(peer, proto.Message.encode({ protocolMessage }).finish());
  const attributes = { from: account.jid('pn'), type: 'text', category: 'peer', id: randomMessageId(), t: now() };
  device.deliver(node('message', { ...attributes, notify: account.name }, [node('enc', { v: 2, type }, content)]));
}
