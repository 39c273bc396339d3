import { type Device, now } from './device.ts';
import { isGroupJid } from './groups/directory.ts';
import { addressingOf } from './jid.ts';
import { countReceipt, markDelivered } from './ledger.ts';
import type { Network } from './network.ts';
import { tellOwnDevices } from './people/own-phone.ts';
import { statusJid } from './status.ts';
import { type BinaryNode, child, children, node } from './wire/node.ts';

/** Receipts that say "this device has the message". */
const confirming = new Set(['delivery', 'inactive', 'sender', 'peer_msg', 'hist_sync']);
/** Receipts that are nobody else's business. */
const notForwarded = new Set(['sender', 'peer_msg', 'hist_sync', 'server-error', 'read-self', 'played-self']);

/** What the account's other devices are told when one of them has read something. */
const selfTypes = new Map<string, 'read-self' | 'played-self'>([
  ['read', 'read-self'],
  ['read-self', 'read-self'],
  ['played', 'played-self'],
  ['played-self', 'played-self'],
]);

/** A receipt from `from` for one message or several; without a type it says that they were delivered. */
export function receiptFor(from: string, ids: string[], type?: string): BinaryNode {
  const [id, ...others] = ids;
  const list =
    others.length > 0
      ? [
          node(
            'list',
            {},
            others.map((other) => node('item', { id: other })),
          ),
        ]
      : undefined;
  return node('receipt', { from, id, t: now(), type }, list);
}

/** A client's receipt: acknowledge it, strike the messages off its queue, pass it on. */
export function takeReceipt(network: Network, device: Device, receipt: BinaryNode): void {
  const { id = '', to = '', participant, recipient } = receipt.attrs;
  const type = receipt.attrs.type ?? 'delivery';
  device.stream?.send(node('ack', { class: 'receipt', id, from: to, type: receipt.attrs.type, participant, t: now() }));
  const ids = [id, ...children(child(receipt, 'list')).map((item) => item.attrs.id ?? '')];
  for (const each of ids) confirm(network, device, each, to, type);
  if (type === 'retry') network.counters.add('retryReceiptsFromClients');
  if (type === 'server-error') {
    network.mediaRetries.take(device, receipt).catch((error: unknown) => {
      network.log.error({ err: error, device: device.name }, 'media.retry.failed');
    });
  }
  const self = selfTypes.get(type);
  if (self && !isGroupJid(to) && to !== statusJid) tellOwnDevices(device.account, to, ids, self, device);
  if (notForwarded.has(type)) return;
  const group = network.groups.find(to);
  // Receipts for groups and for the status name the author of the message beside the chat.
  const shared = group?.jid ?? (to === statusJid ? to : undefined);
  const target = network.resolve(shared ? participant : to);
  if (!target) return;
  if (type === 'retry' && target.device === 0) target.account.ownPhone?.sendAgain(device, id, receipt);
  if (target.account.contact) target.account.contact.takeReceipt(device, type, ids, receipt);
  else for (const each of ids) countReceipt(network.ledger.find(target.account.phone, 'out', each), type);
  const from = device.account.jid(group?.addressing ?? addressingOf(to), device.id);
  const stanza: BinaryNode = {
    ...receipt,
    attrs: {
      ...receiptFor(shared ?? from, ids, receipt.attrs.type).attrs,
      ...(shared && { participant: from }),
      ...(recipient && { recipient }),
    },
  };
  for (const other of target.account.devices.values()) {
    if (type !== 'retry' || other.id === target.device) other.deliver(stanza);
  }
}

function confirm(network: Network, device: Device, id: string, from: string, type: string): void {
  if (type === 'retry') {
    device.queue.retryAsked(id, from);
  } else if (confirming.has(type)) {
    const stanza = device.queue.confirmMessage(id, from);
    if (!stanza) return;
    markDelivered(network.ledger.find(device.account.phone, 'in', id), device.name);
    const sender = network.resolve(stanza.attrs.participant ?? stanza.attrs.from);
    if (sender) markDelivered(network.ledger.find(sender.account.phone, 'out', id), device.name);
  }
}

/** A client's `<ack>` for something it was sent, negative if it has an `error`. */
export function takeAck(network: Network, device: Device, ack: BinaryNode): void {
  const { class: stanzaClass = '', id = '', to = '', type, error, participant } = ack.attrs;
  if (error) network.counters.addTo('nacksFromClients', error);
  const stanza = device.queue.acknowledge(stanzaClass, id, to, { type, error, participant });
  if (stanza?.tag !== 'message') return;
  const record = network.ledger.find(device.account.phone, 'in', id);
  if (error) countReceipt(record, `nack ${error}`);
  else markDelivered(record, device.name);
}
