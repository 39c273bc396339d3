import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../account.ts';
import type { Device } from '../device.ts';
import { ContactGroups, mayWrite } from '../groups/contact-groups.ts';
import { Group } from '../groups/group.ts';
import type { Addressing } from '../jid.ts';
import { Lane } from '../lane.ts';
import { countReceipt } from '../ledger.ts';
import type { Network } from '../network.ts';
import { receiptFor } from '../receipts.ts';
import type { BinaryNode } from '../wire/node.ts';
import { randomMessageId } from './message-id.ts';
import { Outbox } from './outbox.ts';
import { chatNameOf, type OwnChat } from './send-content.ts';
import { ShownMessage } from './shown-message.ts';
import { describe } from './stanza.ts';

/** The phone of a linked account, when its owner uses it: the linked devices see what they write and read there. */
export class OwnPhone {
  readonly #account: Account;
  readonly #network: Network;
  readonly #groups: ContactGroups;
  readonly #outgoing = new Lane();
  readonly #outbox: Outbox;

  constructor(account: Account, network: Network) {
    this.#account = account;
    this.#network = network;
    this.#outbox = new Outbox(account, network);
    this.#groups = new ContactGroups(account, network);
  }

  /** A chat of the account, to write any content to. */
  chatWith(to: Account | Group, addressing: Addressing = 'pn'): OwnChat {
    return {
      store: this.#network.media,
      person: this.#account.person,
      to,
      addressing: to instanceof Group ? to.addressing : addressing,
      find: (id) => this.#find(to, id),
      send: (message, id) => this.send(to, message, id, addressing),
    };
  }

  /** Sends a message to somebody, and a copy of it to the account's linked devices. */
  send(
    to: Account | Group,
    message: proto.IMessage,
    id = randomMessageId(),
    addressing: Addressing = 'pn',
  ): Promise<string> {
    const { phone } = this.#account;
    return this.#outgoing.run(async () => {
      if (to instanceof Group) mayWrite(to, this.#account);
      this.#network.ledger.record({ id, account: phone, direction: 'out', from: phone, to: chatNameOf(to) });
      if (to instanceof Group) {
        await this.#groups.send(to, message, id, describe(message));
        return id;
      }
      const outgoing = { to, message, addressing };
      this.#outbox.remember(id, outgoing);
      if (to !== this.#account) {
        if (to.devices.size > 0) {
          this.#network.ledger.record({ id, account: to.phone, direction: 'in', from: phone, to: to.phone });
        }
        to.contact?.hear(this.#account, id, message, addressing);
        for (const device of to.devices.values()) await this.#outbox.deliver(device, id, outgoing);
      }
      for (const device of this.#account.devices.values()) await this.#outbox.deliver(device, id, outgoing);
      return id;
    });
  }

  /** Reads messages of somebody: they are told, and so are the linked devices. */
  read(from: Account, ids: string[], addressing: Addressing = 'pn'): void {
    for (const id of ids) countReceipt(this.#network.ledger.find(this.#account.phone, 'in', id), 'read');
    const own = this.#account.jid(addressing);
    for (const device of from.devices.values()) device.deliver(receiptFor(own, ids, 'read'));
    tellOwnDevices(this.#account, from.jid(addressing), ids, 'read-self');
  }

  /** A device could not read something and asks for it again. */
  sendAgain(device: Device, id: string, receipt: BinaryNode): void {
    const again = async () => {
      if (!(await this.#outbox.deliverAgain(device, id, receipt))) await this.#groups.sendAgain(device, id, receipt);
    };
    this.#outgoing.run(again).catch((error: unknown) => {
      this.#network.log.error({ err: error, phone: this.#account.phone }, 'own-phone.failed');
    });
  }

  /** The phone shows what those it talks to show. Of what only clients know, it knows who wrote it. */
  #find(to: Account | Group, id: string): ShownMessage | undefined {
    const { phone, person } = this.#account;
    const { ledger } = this.#network;
    const isGroup = to instanceof Group;
    const chat = isGroup ? to.jid : phone;
    for (const { contact } of isGroup ? to.members : [to]) {
      const shown = contact?.inbox.find(chat, id);
      if (shown) return shown;
    }
    if (ledger.find(phone, 'out', id)) return new ShownMessage(chat, id, person, {});
    if (!isGroup && ledger.find(phone, 'in', id)) return new ShownMessage(chat, id, to.person, {});
    return undefined;
  }
}

/** Tells the account's devices, except the one that did it, that messages of a chat were read elsewhere. */
export function tellOwnDevices(
  account: Account,
  chat: string,
  ids: string[],
  type: 'read-self' | 'played-self',
  except?: Device,
): void {
  const addressing = chat.endsWith('@lid') ? 'lid' : 'pn';
  const { tag, attrs, content } = receiptFor(account.jid(addressing), ids, type);
  const stanza = { tag, attrs: { ...attrs, recipient: chat }, content };
  for (const device of account.devices.values()) if (device !== except) device.deliver(stanza);
}
