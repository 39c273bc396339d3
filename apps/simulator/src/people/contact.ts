import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../account.ts';
import type { Device } from '../device.ts';
import { ContactGroups, mayWrite } from '../groups/contact-groups.ts';
import { Group } from '../groups/group.ts';
import { type Addressing, addressingOf } from '../jid.ts';
import { Lane } from '../lane.ts';
import { countReceipt, markDelivered } from '../ledger.ts';
import type { Network } from '../network.ts';
import { receiptFor } from '../receipts.ts';
import type { Ciphertext } from '../signal/party.ts';
import { statusJid } from '../status.ts';
import { type BinaryNode, node } from '../wire/node.ts';
import { ContactStatus } from './contact-status.ts';
import { unwrap, writtenText } from './content.ts';
import { Inbox, type Incoming } from './inbox.ts';
import { loadMedia } from './media-fetch.ts';
import { randomMessageId } from './message-id.ts';
import { Outbox } from './outbox.ts';
import { RetryRequests } from './retry-requests.ts';
import { chatNameOf, type OwnChat } from './send-content.ts';
import { describe } from './stanza.ts';

/** What a contact does by itself. */
export interface ContactBehaviour {
  /** Answers each text: `echo: <text>`, or a template in which `{text}` is replaced. */
  echo: boolean | string;
  /** Sends read receipts. */
  autoRead: boolean;
  /** Sends delivery receipts. */
  autoReceipt: boolean;
  /** How the contact addresses what it sends. */
  addressing: Addressing;
  /** Time it takes before it confirms, reads, answers or asks again for a message, in milliseconds. */
  reactionMs: number;
}

/** What somebody may say about a message they were sent. */
export type ReceiptType = 'delivery' | 'read' | 'played';

/** A message for a contact as the server hands it over. */
export interface Delivery {
  id: string;
  sender: Device;
  /** JID that the sender used for the contact, or the JID of the group. */
  to: string;
  ciphertexts: Ciphertext[];
  /** The group that it was sent to, and the part that all members get, encrypted with the sender's key. */
  group?: { of: Group; forAll: Buffer | undefined };
  /** It is a status post, with the part that its whole audience gets. */
  status?: { forAll: Buffer | undefined };
}

/** Where receipts and answers go, beside the account that they are for. */
interface Reply {
  addressing: Addressing;
  group?: Group | 'status' | undefined;
}

/** A simulated person with a phone: reads what it is sent, confirms it, answers, writes by itself. */
export class Contact {
  readonly account: Account;
  readonly inbox: Inbox;
  readonly groups: ContactGroups;
  readonly status: ContactStatus;
  behaviour: ContactBehaviour = { echo: false, autoRead: false, autoReceipt: true, addressing: 'pn', reactionMs: 3 };
  undecryptable = 0;
  retriesReceived = 0;
  /** Online, as it shows those who ask. */
  available = false;
  /** The last "typing" it was shown, newest last. */
  readonly chatStates: { from: string; chat: string; state: string; at: number }[] = [];
  readonly #network: Network;
  readonly #incoming = new Map<Device, Lane>();
  readonly #outgoing = new Lane();
  readonly #retries: RetryRequests;
  readonly #outbox: Outbox;

  constructor(account: Account, network: Network) {
    this.account = account;
    this.#network = network;
    this.groups = new ContactGroups(account, network);
    this.#retries = new RetryRequests(account, network);
    this.#outbox = new Outbox(account, network);
    this.status = new ContactStatus(account, network, this.groups.keys);
    this.inbox = new Inbox(
      (phone) => network.account(phone)?.person ?? { phone, jids: [] },
      (chat, phone) => {
        const author = network.account(phone);
        return author !== undefined && (network.groups.find(chat)?.isAdmin(author) ?? false);
      },
    );
  }

  /** How often it asked for messages that it could not read. */
  get retriesSent(): number {
    return this.#retries.sent;
  }

  /** Takes a message in, behind those the same device sent before. */
  receive(delivery: Delivery): void {
    let lane = this.#incoming.get(delivery.sender);
    if (!lane) {
      lane = new Lane();
      this.#incoming.set(delivery.sender, lane);
    }
    lane
      .run(() => this.#read(delivery))
      .catch((error: unknown) => {
        this.#network.log.error({ err: error, contact: this.account.phone }, 'contact.failed');
      });
  }

  /** Shows what another contact wrote to a group: between contacts nothing is encrypted. */
  overhear(incoming: Incoming): void {
    const shown = this.inbox.show(incoming);
    if (shown) loadMedia(this.#network.media, shown);
  }

  /** Writes a text to a linked account or to a group. Returns the message's id. */
  sendText(to: Account | Group, text: string, id = randomMessageId()): Promise<string> {
    return this.send(to, { conversation: text }, id);
  }

  /** Sends a message to all devices of an account or of a group. Messages leave in the order of these calls. */
  send(
    to: Account | Group,
    message: proto.IMessage,
    id = randomMessageId(),
    addressing = this.behaviour.addressing,
    phoneOnly = false,
  ): Promise<string> {
    return this.#outgoing.run(async () => {
      if (to instanceof Group) mayWrite(to, this.account);
      this.inbox.note(chatNameOf(to), id, this.account.person, message);
      if (to instanceof Group) {
        await this.groups.send(to, message, id, describe(message));
        return id;
      }
      const outgoing = { to, message, addressing, phoneOnly };
      this.#outbox.remember(id, outgoing);
      this.#network.ledger.record({
        id,
        account: to.phone,
        direction: 'in',
        from: this.account.phone,
        to: to.phone,
      });
      // Who is blocked does not notice it.
      if (to.blocks(this.account)) return id;
      for (const device of to.devices.values()) await this.#outbox.deliver(device, id, outgoing);
      return id;
    });
  }

  /** A chat as the contact sees it, to write any content to. */
  chatWith(to: Account | Group, addressing = this.behaviour.addressing): OwnChat {
    return {
      store: this.#network.media,
      person: this.account.person,
      to,
      addressing: to instanceof Group ? to.addressing : addressing,
      // Answers to a status are sent to its author alone.
      find: (id) => this.inbox.find(chatNameOf(to), id) ?? this.inbox.find(statusJid, id),
      send: (message, id, phoneOnly) => this.send(to, message, id, addressing, phoneOnly),
    };
  }

  /** The contact's status, to post any content to for these accounts. */
  statusFor(audience: Iterable<Account>): OwnChat {
    return {
      ...this.chatWith(this.account, 'pn'),
      to: 'status',
      find: (id) => this.inbox.find(statusJid, id),
      send: (message, id) =>
        this.#outgoing.run(async () => {
          this.inbox.note(statusJid, id, this.account.person, message);
          await this.status.post(message, id, audience);
          return id;
        }),
    };
  }

  /** Tells the sender of these messages what became of them. Unknown ids are told all the same. */
  sendReceipt(to: Account, ids: string[], type: ReceiptType, addressing = this.behaviour.addressing): void {
    for (const id of ids) countReceipt(this.#network.ledger.find(to.phone, 'out', id), type);
    const stanza = receiptFor(this.account.jid(addressing), ids, type === 'delivery' ? undefined : type);
    for (const device of to.devices.values()) device.deliver(stanza);
  }

  /** Shows or hides "typing" at an account's connected devices. */
  sendChatState(to: Account, state: 'composing' | 'recording' | 'paused'): void {
    const shown = state === 'recording' ? node('composing', { media: 'audio' }) : node(state);
    const stanza = node('chatstate', { from: this.account.jid(this.behaviour.addressing) }, [shown]);
    for (const device of to.devices.values()) device.stream?.send(stanza);
  }

  /** Asks the devices of an account for a message so many times, one after the other, although it may have it. */
  askAgain(to: Account, id: string, times: number): void {
    for (const device of to.devices.values())
      for (let count = 1; count <= times; count++) this.#retries.insist(device, id, count);
  }

  /** Sends an account messages that nobody can read. Gives their ids. */
  sendUnreadable(to: Account, count: number): string[] {
    const ids = Array.from({ length: count }, () => randomMessageId());
    for (const id of ids) for (const device of to.devices.values()) this.#outbox.deliverUnreadable(device, id, to);
    return ids;
  }

  /** A receipt came from a device of a linked account. */
  takeReceipt(device: Device, type: string, ids: string[], receipt: BinaryNode): void {
    for (const id of ids) {
      countReceipt(this.#network.ledger.find(device.account.phone, 'in', id), type);
      if (type === 'retry') {
        this.retriesReceived += 1;
        this.#sendAgain(device, id, receipt);
      }
    }
  }

  async #read(delivery: Delivery): Promise<void> {
    const { id, sender, to } = delivery;
    const peer = sender.account.peer(sender.id);
    let message: proto.Message;
    try {
      const [ciphertext] = delivery.ciphertexts;
      if (delivery.group) {
        message = await this.groups.read(sender, delivery.ciphertexts, delivery.group);
      } else if (delivery.status) {
        const { forAll } = delivery.status;
        message = await this.groups.read(sender, delivery.ciphertexts, { of: { jid: statusJid }, forAll });
      } else {
        if (!ciphertext) throw new Error('nothing to decrypt');
        message = proto.Message.decode(await this.account.party.decrypt(peer, ciphertext));
      }
    } catch (error) {
      this.undecryptable += 1;
      this.#network.counters.add('undecryptable');
      this.#network.log.info(
        { contact: this.account.phone, from: sender.name, id, err: String(error) },
        'contact.undecryptable',
      );
      setTimeout(() => this.#retries.ask(delivery), this.behaviour.reactionMs);
      return;
    }
    this.#retries.settle(id);
    // A post that was asked for again comes alone, to this phone, with the key of the status.
    const isStatus = delivery.status || message.senderKeyDistributionMessage?.groupId === statusJid;
    const chat = isStatus ? statusJid : chatOf(to, sender.account);
    this.#take({ id, chat, from: sender.name, message }, sender.account, {
      addressing: addressingOf(to),
      group: isStatus ? 'status' : delivery.group?.of,
    });
  }

  /** Shows what the phone of a linked account itself wrote: it comes from no device, and nobody encrypts it. */
  hear(from: Account, id: string, message: proto.IMessage, addressing: Addressing): void {
    const copy = proto.Message.decode(proto.Message.encode(message).finish());
    this.#take({ id, chat: from.phone, from: `${from.phone}:0`, message: copy }, from, { addressing });
  }

  #take(incoming: Incoming, author: Account, { addressing, group }: Reply): void {
    const { id, message } = incoming;
    const shown = this.inbox.show(incoming);
    if (shown) loadMedia(this.#network.media, shown);
    else this.#network.counters.add('secondDecryptions');
    markDelivered(this.#network.ledger.find(author.phone, 'out', id), this.account.phone);
    const text = shown && writtenText(unwrap(message).inner);
    setTimeout(() => this.#react(author, id, { addressing, group }, text), this.behaviour.reactionMs);
  }

  #react(to: Account, id: string, { addressing, group }: Reply, text: string | undefined): void {
    const confirm = (type: 'delivery' | 'read') => {
      if (group === 'status') this.status.sendReceipt(to, [id], type);
      else if (group) this.groups.sendReceipt(group, to, [id], type === 'read' ? type : undefined);
      else this.sendReceipt(to, [id], type, addressing);
    };
    if (this.behaviour.autoReceipt) confirm('delivery');
    if (this.behaviour.autoRead) confirm('read');
    if (!this.behaviour.echo || text === undefined || group === 'status') return;
    const template = typeof this.behaviour.echo === 'string' ? this.behaviour.echo : 'echo: {text}';
    // A function, because `$` in the text has a meaning in a replacement string.
    this.sendText(
      group ?? to,
      template.replaceAll('{text}', () => text),
    ).catch((error: unknown) => {
      this.#network.log.error({ err: error, contact: this.account.phone }, 'contact.failed');
    });
  }

  #sendAgain(device: Device, id: string, receipt: BinaryNode): void {
    const again = async () => {
      if (await this.#outbox.deliverAgain(device, id, receipt)) return;
      if (await this.status.sendAgain(device, id, receipt)) return;
      await this.groups.sendAgain(device, id, receipt);
    };
    this.#outgoing.run(again).catch((error: unknown) => {
      this.#network.log.error({ err: error, contact: this.account.phone }, 'contact.failed');
    });
  }
}

/** A chat is named by the phone of the other side, unless it has a JID of its own. */
function chatOf(to: string, other: Account): string {
  return to.endsWith('@s.whatsapp.net') || to.endsWith('@lid') ? other.phone : to;
}
