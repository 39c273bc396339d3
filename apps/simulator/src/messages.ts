import type { Account } from './account.ts';
import { type Device, now } from './device.ts';
import { isGroupJid } from './groups/directory.ts';
import { isForAll, refusalOf, relayToGroup } from './groups/messages.ts';
import { type Addressing, addressingOf, parseJid } from './jid.ts';
import type { LedgerMessage } from './ledger.ts';
import type { Addressee, Network } from './network.ts';
import { isNewsletterJid } from './newsletters.ts';
import type { Ciphertext } from './signal/party.ts';
import { relayStatus, statusJid } from './status.ts';
import { type BinaryNode, bytes, child, children, node } from './wire/node.ts';

/** Attributes of a message that its recipients see. */
const passedOn = ['edit', 'category', 'mediatype'] as const;
/** Children of a message that its recipients see. */
const visible = new Set(['meta', 'reporting', 'tctoken']);
/** The recipient is not on WhatsApp. */
const unknownRecipient = '404';
/** The account may not write to those who do not know it. */
const restricted = '463';

/** A client's message: acknowledge it and hand each device its ciphertext. */
export function takeMessage(network: Network, sender: Device, message: BinaryNode): void {
  const { id = '', to = '' } = message.attrs;
  const own = sender.account;
  const fanOut = child(message, 'participants');
  if (message.attrs.category === 'peer') {
    acknowledge(network, sender, message);
    const enc = child(message, 'enc');
    if (enc) {
      network.histories.takePeerMessage(sender, id, ciphertextOf(enc)).catch((error: unknown) => {
        network.log.error({ err: error, device: sender.name }, 'peer-message.failed');
      });
    }
    return;
  }
  if (isNewsletterJid(to)) {
    const result = network.newsletters.take(sender, message);
    sender.stream?.send(node('ack', { class: 'message', id, from: to, t: now(), ...result }));
    return;
  }
  const known = network.ledger.find(own.phone, 'out', id);
  const record =
    known ??
    network.ledger.record({ id, account: own.phone, direction: 'out', from: sender.name, to: nameOf(network, to) });
  if (known) countAgain(network, known, fanOut !== undefined || isForAll(message));
  else network.counters.add('messagesAccepted');

  const nack = refusal(network, sender, to) ?? network.faults.takeNack(own.phone);
  if (nack) {
    record.nack = nack;
    network.counters.addTo('nacksToClients', nack);
    acknowledge(network, sender, message, nack);
    return;
  }
  if (!network.faults.takeDroppedAck(own.phone)) {
    acknowledge(network, sender, message);
    record.acked = true;
  }
  if (isGroupJid(to)) {
    relayToGroup(network, sender, message, { attributes: shownAttributes(message), children: shownChildren(message) });
    return;
  }
  if (to === statusJid) {
    relayStatus(network, sender, message, shownChildren(message));
    return;
  }
  const parts = fanOut
    ? children(fanOut).map((part) => ({ jid: part.attrs.jid ?? '', of: part }))
    : [{ jid: to, of: message }];
  for (const { jid, of } of parts) {
    const target = network.resolve(jid);
    if (target)
      handOver(
        network,
        sender,
        message,
        target,
        jid,
        children(of).filter(({ tag }) => tag === 'enc'),
      );
  }
}

/** Why a message is not taken, whatever the faults. */
function refusal(network: Network, sender: Device, to: string): string | undefined {
  if (isGroupJid(to)) return refusalOf(network, sender.account, to);
  const recipient = network.resolve(to)?.account;
  if (recipient && recipient !== sender.account && isKeptFrom(network, sender.account, recipient)) return restricted;
  return recipient || to.endsWith('@broadcast') ? undefined : unknownRecipient;
}

/** Whether a time lock keeps an account from writing to somebody. */
function isKeptFrom({ ledger }: Network, account: Account, other: Account): boolean {
  if (!account.restrictions.timelock.active) return false;
  const got = ledger.list({ account: account.phone, direction: 'in' });
  return account.restrictions.keepsFrom(
    other,
    got.some(({ from }) => from.split(':')[0] === other.phone),
  );
}

/** The server's `<ack>` for a message, negative with an `error` code. */
function acknowledge(network: Network, sender: Device, message: BinaryNode, error?: string): void {
  const { id, to } = message.attrs;
  sender.stream?.send(node('ack', { class: 'message', id, from: to, t: now(), error }));
  if (!error) network.log.debug({ device: sender.name, id }, 'message.acked');
}

/** Tells a message that somebody asked for again from one that the client submitted twice by itself. */
function countAgain(network: Network, record: LedgerMessage, fanOut: boolean): void {
  // A retry that came from a phone is answered with a whole new fan-out, under the same id.
  const asked = (record.receipts.retry ?? 0) > record.resends;
  if (!fanOut || asked) {
    record.resends += 1;
  } else {
    record.resubmissions += 1;
    network.counters.add('resubmissions');
  }
}

function handOver(
  network: Network,
  sender: Device,
  message: BinaryNode,
  target: Addressee,
  jid: string,
  encs: BinaryNode[],
): void {
  const { account, device: number } = target;
  // Who is blocked does not notice it.
  if (account.blocks(sender.account)) return;
  if (number === 0) {
    const { id = '', to = '' } = message.attrs;
    // The copy for the sender's own phone needs no reader.
    if (account !== sender.account) account.contact?.receive({ id, sender, to, ciphertexts: encs.map(ciphertextOf) });
    return;
  }
  const device = account.devices.get(number);
  if (!device || device === sender) return;
  const needsIdentity = encs.some(({ attrs }) => attrs.type === 'pkmsg');
  const identity = needsIdentity ? [node('device-identity', {}, sender.signedIdentity)] : [];
  network.counters.add('messagesToClients');
  if (account !== sender.account) {
    network.ledger.record({
      id: message.attrs.id ?? '',
      account: account.phone,
      direction: 'in',
      from: sender.name,
      to: account.phone,
    });
  }
  device.deliver(
    node('message', envelope(network, sender, message, account === sender.account, jid), [
      ...encs,
      ...identity,
      ...shownChildren(message),
    ]),
  );
}

function shownChildren(message: BinaryNode): BinaryNode[] {
  return children(message).filter(({ tag }) => visible.has(tag));
}

function shownAttributes({ attrs }: BinaryNode): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const name of passedOn) if (attrs[name]) shown[name] = attrs[name];
  return shown;
}

/** The attributes with which a message reaches a device. */
function envelope(
  network: Network,
  sender: Device,
  message: BinaryNode,
  isOwn: boolean,
  jid: string,
): Record<string, string | number | undefined> {
  const { id, to = '', type } = message.attrs;
  const shared: Record<string, string | number | undefined> = {
    id,
    type,
    t: now(),
    notify: sender.pushName ?? sender.account.name,
    ...shownAttributes(message),
  };
  if (!isOwn) {
    const addressing: Addressing = addressingOf(to);
    const from = sender.account.jid(addressing, sender.id);
    return {
      ...shared,
      from,
      [addressing === 'lid' ? 'sender_pn' : 'sender_lid']: sender.account.alternate(addressing),
    };
  }
  // A copy of what the account itself sent: the other address is the peer's, never the own one.
  const recipient = message.attrs.recipient ?? to;
  const addressing = addressingOf(recipient);
  const peer = network.resolve(recipient)?.account;
  return {
    ...shared,
    from: sender.account.jid(addressingOf(jid), sender.id),
    recipient,
    [addressing === 'lid' ? 'peer_recipient_pn' : 'peer_recipient_lid']: peer?.alternate(addressing),
  };
}

function ciphertextOf(enc: BinaryNode): Ciphertext {
  return { type: enc.attrs.type === 'pkmsg' ? 'pkmsg' : 'msg', content: bytes(enc) };
}

function nameOf(network: Network, to: string): string {
  if (isGroupJid(to) || to === statusJid) return to;
  return network.resolve(to)?.account.phone ?? parseJid(to)?.user ?? to;
}
