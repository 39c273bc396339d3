import { randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../account.ts';
import { type Device, now } from '../device.ts';
import type { Addressing } from '../jid.ts';
import type { Network } from '../network.ts';
import { bundleOf } from '../wire/bundle.ts';
import { type BinaryNode, node } from '../wire/node.ts';
import { describe } from './stanza.ts';

/** Messages that a phone remembers so that it can send them again. */
const maxSent = 5_000;

/** A message from a phone to somebody. */
export interface Outgoing {
  to: Account;
  message: proto.IMessage;
  addressing: Addressing;
  /** Linked devices are told that there is media to be seen once, and do not get it. */
  phoneOnly?: boolean;
}

/** What a phone sends to single people: encrypted for each device, and again for one that asks. */
export class Outbox {
  readonly #account: Account;
  readonly #network: Network;
  readonly #sent = new Map<string, Outgoing>();

  constructor(account: Account, network: Network) {
    this.#account = account;
    this.#network = network;
  }

  /** Keeps a message for those who ask for it again. */
  remember(id: string, outgoing: Outgoing): void {
    this.#sent.set(id, outgoing);
    for (const oldest of this.#sent.keys()) {
      if (this.#sent.size <= maxSent) break;
      this.#sent.delete(oldest);
    }
  }

  /** Sends a message to one device; the account's own devices get a copy that says to whom it went. */
  async deliver(device: Device, id: string, outgoing: Outgoing): Promise<void> {
    const { to, message, addressing } = outgoing;
    const isOwn = device.account === this.#account;
    const as = describe(message);
    const other = addressing === 'lid' ? 'pn' : 'lid';
    const addresses = isOwn
      ? { recipient: to.jid(addressing), [`peer_recipient_${other}`]: to.jid(other) }
      : { [`sender_${other}`]: this.#account.jid(other) };
    const from = this.#account.jid(addressing);
    const shared = { from, id, t: now(), type: as.type, edit: as.edit, notify: this.#account.name };
    const content = outgoing.phoneOnly
      ? node('unavailable', { type: 'view_once' })
      : await this.#encrypt(device, outgoing, as.mediatype);
    this.#network.counters.add('messagesToClients');
    device.deliver(node('message', { ...shared, ...addresses }, [content, ...as.meta]));
  }

  /** Sends a message again, in a new session, to a device that could not read it. False if it is not known. */
  async deliverAgain(device: Device, id: string, receipt: BinaryNode): Promise<boolean> {
    const outgoing = this.#sent.get(id);
    if (!outgoing) return false;
    // The keys in the receipt are newer than what the server has; the first retry comes without.
    const bundle = bundleOf(receipt) ?? device.takeBundle();
    await this.#account.party.openSession(device.account.peer(device.id), bundle);
    const record = this.#network.ledger.find(device.account.phone, 'in', id);
    if (record) record.resends += 1;
    await this.deliver(device, id, outgoing);
    return true;
  }

  /** Hands a device something that looks like a message of an open session and that no key fits. */
  deliverUnreadable(device: Device, id: string, to: Account): void {
    const addresses = { from: this.#account.jid('pn'), sender_lid: this.#account.jid('lid') };
    const version = Buffer.from([0x33]);
    const noise = node('enc', { v: 2, type: 'msg' }, Buffer.concat([version, randomBytes(160)]));
    this.#network.counters.add('messagesToClients');
    device.deliver(node('message', { ...addresses, id, t: now(), type: 'text', notify: this.#account.name }, [noise]));
    this.#network.ledger.record({ id, account: to.phone, direction: 'in', from: this.#account.phone, to: to.phone });
  }

  async #encrypt(device: Device, { to, message, addressing }: Outgoing, mediatype?: string): Promise<BinaryNode> {
    const { party } = this.#account;
    const peer = device.account.peer(device.id);
    if (!party.hasSession(peer)) await party.openSession(peer, device.takeBundle());
    const { messageContextInfo } = message;
    const sent =
      device.account === this.#account
        ? { deviceSentMessage: { destinationJid: to.jid(addressing), message }, messageContextInfo }
        : message;
    const { type, content } = await party.encrypt(peer, proto.Message.encode(sent).finish());
    return node('enc', { v: 2, type, mediatype }, content);
  }
}
