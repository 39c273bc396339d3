import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../account.ts';
import { type Device, now } from '../device.ts';
import { countReceipt } from '../ledger.ts';
import type { Network } from '../network.ts';
import { receiptFor } from '../receipts.ts';
import { pad } from '../signal/party.ts';
import type { SenderKeys } from '../signal/sender-keys.ts';
import { statusJid } from '../status.ts';
import { bundleOf } from '../wire/bundle.ts';
import { type BinaryNode, child, node } from '../wire/node.ts';
import type { ReceiptType } from './contact.ts';
import { describe } from './stanza.ts';

/** Posts that a contact remembers so that it can send them again. */
const maxPosts = 200;

/** A contact's status: what it posts, and whom it tells that it has seen theirs. */
export class ContactStatus {
  readonly #account: Account;
  readonly #network: Network;
  readonly #keys: SenderKeys;
  readonly #posts = new Map<string, Uint8Array>();

  /** `keys` are the sender keys of the contact's phone. */
  constructor(account: Account, network: Network, keys: SenderKeys) {
    this.#account = account;
    this.#network = network;
    this.#keys = keys;
  }

  /** Posts to an audience: its devices, and other contacts, who are shown it as it is. */
  async post(message: proto.IMessage, id: string, audience: Iterable<Account>): Promise<void> {
    const bytes = proto.Message.encode(message).finish();
    this.#remember(id, bytes);
    const distribution = this.#distribution();
    const shared = node('enc', { v: 2, type: 'skmsg' }, this.#keys.encrypt(statusJid, pad(bytes)));
    const { type } = describe(message);
    for (const account of audience) {
      if (account === this.#account) continue;
      const from = this.#account.phone;
      account.contact?.overhear({ id, chat: statusJid, from, message: proto.Message.decode(bytes) });
      if (account.devices.size === 0) continue;
      this.#network.ledger.record({ id, account: account.phone, direction: 'in', from, to: statusJid });
      for (const device of account.devices.values()) {
        // Every post comes with the key: the audience may be another one each time.
        this.#deliver(device, { id, type }, [await this.#encryptFor(device, distribution), shared]);
      }
    }
  }

  /** Sends a post again to a device that could not read it. False if there is no such post. */
  async sendAgain(device: Device, id: string, receipt: BinaryNode): Promise<boolean> {
    const post = this.#posts.get(id);
    if (!post) return false;
    await this.#account.party.openSession(device.account.peer(device.id), bundleOf(receipt) ?? device.takeBundle());
    const record = this.#network.ledger.find(device.account.phone, 'in', id);
    if (record) record.resends += 1;
    const message = proto.Message.decode(post);
    const { count } = child(receipt, 'retry')?.attrs ?? {};
    const enc = await this.#encryptFor(device, { ...message, ...this.#distribution() }, count);
    this.#deliver(device, { id, type: describe(message).type }, [enc]);
    return true;
  }

  /** Tells somebody that their posts arrived or were seen. */
  sendReceipt(to: Account, ids: string[], type: ReceiptType): void {
    for (const id of ids) countReceipt(this.#network.ledger.find(to.phone, 'out', id), type);
    const { tag, attrs, content } = receiptFor(statusJid, ids, type === 'delivery' ? undefined : type);
    const stanza = { tag, attrs: { ...attrs, participant: this.#account.jid('pn') }, content };
    for (const device of to.devices.values()) device.deliver(stanza);
  }

  #distribution(): proto.IMessage {
    const axolotlSenderKeyDistributionMessage = this.#keys.distribution(statusJid);
    return { senderKeyDistributionMessage: { groupId: statusJid, axolotlSenderKeyDistributionMessage } };
  }

  async #encryptFor(device: Device, message: proto.IMessage, count?: string): Promise<BinaryNode> {
    const { party } = this.#account;
    const peer = device.account.peer(device.id);
    if (!party.hasSession(peer)) await party.openSession(peer, device.takeBundle());
    const { type, content } = await party.encrypt(peer, proto.Message.encode(message).finish());
    return node('enc', { v: 2, type, count }, content);
  }

  #deliver(device: Device, { id, type }: { id: string; type: string }, encs: BinaryNode[]): void {
    this.#network.counters.add('messagesToClients');
    const author = { participant: this.#account.jid('pn'), participant_lid: this.#account.jid('lid') };
    device.deliver(
      node('message', { from: statusJid, ...author, id, t: now(), type, notify: this.#account.name }, encs),
    );
  }

  #remember(id: string, post: Uint8Array): void {
    this.#posts.set(id, post);
    for (const oldest of this.#posts.keys()) {
      if (this.#posts.size <= maxPosts) break;
      this.#posts.delete(oldest);
    }
  }
}
