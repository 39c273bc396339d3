import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../account.ts';
import { type Device, now } from '../device.ts';
import { countReceipt } from '../ledger.ts';
import type { Network } from '../network.ts';
import type { StanzaDescription } from '../people/stanza.ts';
import { receiptFor } from '../receipts.ts';
import { type Ciphertext, pad, unpad } from '../signal/party.ts';
import { SenderKeys } from '../signal/sender-keys.ts';
import { bundleOf } from '../wire/bundle.ts';
import { type BinaryNode, child, node } from '../wire/node.ts';
import { type Group, GroupRefusal } from './group.ts';
import { authorOf } from './nodes.ts';

/** Sent messages a contact remembers so that it can send them again. */
const maxSent = 5_000;

/** A message of a contact to a group. */
interface Sent {
  group: Group;
  message: Uint8Array;
  as: StanzaDescription;
}

/** A contact's side of its groups: sender keys, messages both ways, receipts. */
export class ContactGroups {
  readonly keys = new SenderKeys();
  readonly #account: Account;
  readonly #network: Network;
  /** Devices that have the contact's own sender key of a group. */
  readonly #holders = new Map<Group, Set<Device>>();
  readonly #sent = new Map<string, Sent>();

  constructor(account: Account, network: Network) {
    this.#account = account;
    this.#network = network;
  }

  /**
   * Decrypts a message: from what is for this contact alone, which is the sender's key or a message that was sent again,
   * and from what all members get. Throws if it cannot.
   */
  async read(
    sender: Device,
    ciphertexts: Ciphertext[],
    { of: group, forAll }: { of: Pick<Group, 'jid'>; forAll: Buffer | undefined },
  ): Promise<proto.Message> {
    const peer = sender.account.peer(sender.id);
    let message: proto.Message | undefined;
    let failure: unknown;
    for (const ciphertext of ciphertexts) {
      try {
        const direct = proto.Message.decode(await this.#account.party.decrypt(peer, ciphertext));
        const distributed = direct.senderKeyDistributionMessage?.axolotlSenderKeyDistributionMessage;
        if (distributed) this.keys.accept(group.jid, peer, distributed);
        delete direct.senderKeyDistributionMessage;
        if (Object.keys(direct).some((field) => field !== 'messageContextInfo')) message = direct;
      } catch (error) {
        failure ??= error;
      }
    }
    try {
      if (forAll) message = proto.Message.decode(unpad(this.keys.decrypt(group.jid, peer, forAll)));
    } catch (error) {
      failure ??= error;
    }
    if (!message) throw failure ?? new Error('nothing to decrypt');
    return message;
  }

  /**
   * Sends a message to all members: other contacts are shown it as it is, devices get it encrypted, with the sender key
   * if they lack it.
   */
  async send(group: Group, message: proto.IMessage, id: string, as: StanzaDescription): Promise<void> {
    const bytes = proto.Message.encode(message).finish();
    this.#remember(id, { group, message: bytes, as });
    const devices: Device[] = [];
    for (const member of group.members) {
      if (member.contact && member !== this.#account) {
        const from = this.#account.phone;
        member.contact.overhear({ id, chat: group.jid, from, message: proto.Message.decode(bytes) });
      }
      devices.push(...member.devices.values());
      if (member.devices.size > 0) this.#recordFor(member, group, id);
    }
    const holders = this.#holdersAmong(group, devices);
    const distribution = this.#distribution(group);
    const content = this.keys.encrypt(group.jid, pad(bytes));
    for (const device of devices) {
      const own = holders.has(device) ? [] : [await this.#encryptFor(device, distribution)];
      holders.add(device);
      const shared = node('enc', { v: 2, type: 'skmsg', mediatype: as.mediatype }, content);
      this.#deliver(device, group, id, [...own, shared], as);
    }
  }

  /** Sends a message again to a device that could not read it, together with the sender key. */
  async sendAgain(device: Device, id: string, receipt: BinaryNode): Promise<void> {
    const sent = this.#sent.get(id);
    if (!sent?.group.has(device.account)) return;
    const { group, as } = sent;
    // The keys in the receipt are newer than what the server has; the first retry comes without.
    await this.#account.party.openSession(device.account.peer(device.id), bundleOf(receipt) ?? device.takeBundle());
    const record = this.#network.ledger.find(device.account.phone, 'in', id);
    if (record) record.resends += 1;
    // First, because it may find that a new key is due.
    const holders = this.#holdersAmong(
      group,
      group.members.flatMap(({ devices }) => [...devices.values()]),
    );
    const message = { ...proto.Message.decode(sent.message), ...this.#distribution(group) };
    holders.add(device);
    const { count } = child(receipt, 'retry')?.attrs ?? {};
    const attributes = { count, mediatype: as.mediatype };
    this.#deliver(device, group, id, [await this.#encryptFor(device, message, attributes)], as);
  }

  /** Tells the sender of these messages that the contact has them, or has read them. */
  sendReceipt(group: Group, to: Account, ids: string[], type?: 'read' | 'played'): void {
    for (const id of ids) countReceipt(this.#network.ledger.find(to.phone, 'out', id), type ?? 'delivery');
    const { tag, attrs, content } = receiptFor(group.jid, ids, type);
    const stanza = { tag, attrs: { ...attrs, participant: this.#account.jid(group.addressing) }, content };
    for (const device of to.devices.values()) device.deliver(stanza);
  }

  /** Shows or hides "typing" at the members' connected devices. */
  sendChatState(group: Group, shown: BinaryNode): void {
    const stanza = node('chatstate', { from: group.jid, participant: this.#account.jid(group.addressing) }, [shown]);
    for (const { devices } of group.members) for (const device of devices.values()) device.stream?.send(stanza);
  }

  /** Those of the present devices that have the sender key. If one that has it is gone there is a new key. */
  #holdersAmong(group: Group, devices: Device[]): Set<Device> {
    const present = new Set(devices);
    let holders = this.#holders.get(group);
    if (!holders || [...holders].some((device) => !present.has(device))) {
      if (holders) this.keys.renew(group.jid);
      holders = new Set();
      this.#holders.set(group, holders);
    }
    return holders;
  }

  #distribution(group: Group): proto.IMessage {
    const axolotlSenderKeyDistributionMessage = this.keys.distribution(group.jid);
    return { senderKeyDistributionMessage: { groupId: group.jid, axolotlSenderKeyDistributionMessage } };
  }

  async #encryptFor(
    device: Device,
    message: proto.IMessage,
    attributes: Record<string, string | undefined> = {},
  ): Promise<BinaryNode> {
    const { party } = this.#account;
    const peer = device.account.peer(device.id);
    if (!party.hasSession(peer)) await party.openSession(peer, device.takeBundle());
    const { type, content } = await party.encrypt(peer, proto.Message.encode(message).finish());
    return node('enc', { v: 2, type, ...attributes }, content);
  }

  #deliver(
    device: Device,
    group: Group,
    id: string,
    encs: BinaryNode[],
    { type, edit, meta }: StanzaDescription,
  ): void {
    this.#network.counters.add('messagesToClients');
    const author = authorOf(group, 'participant', this.#account);
    const attributes = { from: group.jid, ...author, addressing_mode: group.addressing, id, t: now(), type, edit };
    device.deliver(node('message', { ...attributes, notify: this.#account.name }, [...encs, ...meta]));
  }

  #recordFor({ phone }: Account, group: Group, id: string): void {
    this.#network.ledger.record({ id, account: phone, direction: 'in', from: this.#account.phone, to: group.jid });
  }

  #remember(id: string, sent: Sent): void {
    this.#sent.set(id, sent);
    for (const oldest of this.#sent.keys()) {
      if (this.#sent.size <= maxSent) break;
      this.#sent.delete(oldest);
    }
  }
}

/** Throws 403 for who is not in the group, or is no admin where only admins write. */
export function mayWrite(group: Group, account: Account): void {
  const allowed = group.has(account) && (!group.settings.announcement || group.isAdmin(account));
  if (!allowed) throw new GroupRefusal(403, 'forbidden');
}
