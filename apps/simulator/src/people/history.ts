import { deflateSync } from 'node:zlib';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../account.ts';
import { type Device, now } from '../device.ts';
import type { Network } from '../network.ts';
import type { Ciphertext } from '../signal/party.ts';
import { node } from '../wire/node.ts';
import { HistoryPlan, type HistorySize } from './history-plan.ts';
import { randomMessageId } from './message-id.ts';

const { HistorySyncType } = proto.HistorySync;
const { Type } = proto.Message.ProtocolMessage;
const { PeerDataOperationRequestType } = proto.Message;

/** Contacts whose LID a new device is told: a phone has some chats, not the whole world. */
const maxMappings = 50;

/** A client's wish for older messages of a chat. */
export interface OnDemandRequest {
  /** `phone:device` */
  device: string;
  chat: string;
  wanted: number;
  sent: number;
  /** Unix milliseconds. */
  at: number;
}

/** What the phones of all accounts tell their devices about the past. */
export class Histories {
  readonly requests: OnDemandRequest[] = [];
  readonly #network: Network;
  readonly #plans = new Map<string, HistoryPlan>();

  constructor(network: Network) {
    this.#network = network;
  }

  /** Gives an account a past, which its next devices are told. */
  async plan(account: Account, size: HistorySize): Promise<HistoryPlan> {
    const plan = new HistoryPlan(this.#network, account, size);
    await plan.upload(this.#network);
    this.#plans.set(account.phone, plan);
    return plan;
  }

  of(account: Account): HistoryPlan | undefined {
    return this.#plans.get(account.phone);
  }

  /**
   * The first messages of an account's phone to a new device: the key of the app state, and the history, which may be
   * empty but ends the client's wait for its initial sync. The payloads are inline: a blob would be fetched from WhatsApp.
   */
  async send(device: Device): Promise<void> {
    const { account } = device;
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
    const plan = this.of(account);
    const contacts = [...this.#network.accounts].filter((each) => each.contact && each.exists).slice(0, maxMappings);
    const people = [...new Set([...contacts, ...(plan?.people ?? [])])];
    const histories: proto.IHistorySync[] = [
      {
        syncType: HistorySyncType.INITIAL_BOOTSTRAP,
        conversations: plan
          ? [...plan.newest.map((slice) => plan.conversation(slice)), ...this.#groupsOf(account)]
          : [],
        phoneNumberToLidMappings: people.map((each) => ({ pnJid: each.jid('pn'), lidJid: each.jid('lid') })),
      },
      {
        syncType: HistorySyncType.PUSH_NAME,
        pushnames: [account, ...people].map((each) => ({ id: each.jid('pn'), pushname: each.name })),
      },
    ];
    for (const { syncType, progress, slices } of plan?.parts ?? [recentAndEmpty]) {
      histories.push({ syncType, progress, conversations: slices.map((slice) => plan?.conversation(slice) ?? {}) });
    }
    for (const [index, history] of histories.entries()) await sendChunk(device, history, { chunkOrder: index + 1 });
  }

  /** A message of a companion for its own phone: some ask for older messages. The rest the phone has nothing to say to. */
  async takePeerMessage(device: Device, id: string, ciphertext: Ciphertext): Promise<void> {
    const { account } = device;
    const bytes = await account.party.decrypt(account.peer(device.id), ciphertext);
    const message = proto.Message.decode(bytes);
    // Baileys wraps it as a copy of something sent.
    const { protocolMessage } = message.deviceSentMessage?.message ?? message;
    const operation = protocolMessage?.peerDataOperationRequestMessage;
    const asked = operation?.historySyncOnDemandRequest;
    if (operation?.peerDataOperationRequestType !== PeerDataOperationRequestType.HISTORY_SYNC_ON_DEMAND || !asked)
      return;
    const chat = asked.chatJid ?? '';
    const wanted = asked.onDemandMsgCount ?? 0;
    const plan = this.of(account);
    const slice = plan?.olderThan(chat, asked.oldestMsgId ?? '', wanted);
    const conversation = slice && plan?.conversation(slice);
    const sent = conversation?.messages?.length ?? 0;
    this.requests.push({ device: device.name, chat, wanted, sent, at: Date.now() });
    const history = { syncType: HistorySyncType.ON_DEMAND, conversations: conversation ? [conversation] : [] };
    await sendChunk(device, history, { peerDataRequestSessionId: id });
  }

  /** The groups that an account is in, without messages. */
  #groupsOf(account: Account): proto.IConversation[] {
    return this.#network.groups.of(account).map((group) => ({
      id: group.jid,
      name: group.subject.text,
      conversationTimestamp: group.createdAt,
      participant: group.members.map((member) => ({ userJid: member.jid(group.addressing) })),
    }));
  }

  reset(): void {
    this.requests.length = 0;
    this.#plans.clear();
  }
}

const recentAndEmpty = { syncType: HistorySyncType.RECENT, progress: 100, slices: [] };

function sendChunk(
  device: Device,
  history: proto.IHistorySync,
  about: Pick<proto.Message.IHistorySyncNotification, 'chunkOrder' | 'peerDataRequestSessionId'>,
): Promise<void> {
  const payload = deflateSync(proto.HistorySync.encode(history as proto.HistorySync).finish());
  return sendPeerMessage(device, {
    type: Type.HISTORY_SYNC_NOTIFICATION,
    historySyncNotification: {
      ...about,
      // The two enumerations have the same numbers.
      syncType: Number(history.syncType),
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
