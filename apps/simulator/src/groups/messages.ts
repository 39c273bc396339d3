import type { Account } from '../account.ts';
import { type Device, now } from '../device.ts';
import type { Network } from '../network.ts';
import type { Ciphertext } from '../signal/party.ts';
import { type BinaryNode, bytes, child, children, node } from '../wire/node.ts';
import { mayWrite } from './contact-groups.ts';
import { type Group, GroupRefusal } from './group.ts';
import { authorOf } from './nodes.ts';

/** Whether a message to a group is for all members; otherwise for one device that had asked for it again. */
export function isForAll(message: BinaryNode): boolean {
  return sharedPart(message) !== undefined;
}

/** Why the service does not take a message to a group from this account, as the code of the negative ack. */
export function refusalOf(network: Network, sender: Account, to: string): string | undefined {
  const group = network.groups.find(to);
  if (!group) return '404';
  try {
    mayWrite(group, sender);
    return undefined;
  } catch (error) {
    if (error instanceof GroupRefusal) return String(error.code);
    throw error;
  }
}

/**
 * Hands a client's message to all devices of all who are members now: the part for all, and with it what the sender
 * encrypted for the device alone. Parts for devices that are no longer in the group go nowhere.
 */
export function relayToGroup(
  network: Network,
  sender: Device,
  message: BinaryNode,
  shown: { attributes: Record<string, string | undefined>; children: BinaryNode[] },
): void {
  const group = network.groups.find(message.attrs.to);
  if (!group) return;
  const own = ownParts(network, message);
  const shared = sharedPart(message);
  for (const account of group.members) {
    const phone = own.get(account)?.get(0) ?? [];
    if (account !== sender.account && (shared || phone.length > 0)) toPhone(group, sender, message, account, phone);
    for (const device of account.devices.values()) {
      if (device === sender) continue;
      const encs = [...(own.get(account)?.get(device.id) ?? []), ...(shared ? [shared] : [])];
      if (encs.length === 0) continue;
      if (account !== sender.account) {
        const { id = '' } = message.attrs;
        network.ledger.record({ id, account: account.phone, direction: 'in', from: sender.name, to: group.jid });
      }
      network.counters.add('messagesToClients');
      const needsIdentity = encs.some(({ attrs }) => attrs.type === 'pkmsg');
      device.deliver(
        node('message', { ...envelope(group, sender, message), ...shown.attributes }, [
          ...encs,
          ...(needsIdentity ? [node('device-identity', {}, sender.signedIdentity)] : []),
          ...shown.children,
        ]),
      );
    }
  }
}

function toPhone(group: Group, sender: Device, message: BinaryNode, account: Account, own: BinaryNode[]): void {
  const shared = sharedPart(message);
  account.contact?.receive({
    id: message.attrs.id ?? '',
    sender,
    to: group.jid,
    ciphertexts: own.map((enc): Ciphertext => {
      return { type: enc.attrs.type === 'pkmsg' ? 'pkmsg' : 'msg', content: bytes(enc) };
    }),
    group: { of: group, forAll: shared && bytes(shared) },
  });
}

function envelope(group: Group, sender: Device, message: BinaryNode): Record<string, string | number | undefined> {
  const { id, type } = message.attrs;
  return {
    from: group.jid,
    ...authorOf(group, 'participant', sender.account, sender.id),
    addressing_mode: group.addressing,
    id,
    type,
    t: now(),
    notify: sender.pushName ?? sender.account.name,
  };
}

/** What is for single devices, by account and number of the device. */
function ownParts(network: Network, message: BinaryNode): Map<Account, Map<number, BinaryNode[]>> {
  const fanOut = child(message, 'participants');
  // A message that is sent again names its only recipient in the stanza itself.
  const parts = fanOut ? children(fanOut) : [{ ...message, attrs: { jid: message.attrs.participant ?? '' } }];
  const own = new Map<Account, Map<number, BinaryNode[]>>();
  for (const part of parts) {
    const target = network.resolve(part.attrs.jid);
    if (!target) continue;
    const devices = own.get(target.account) ?? new Map<number, BinaryNode[]>();
    own.set(target.account, devices);
    devices.set(
      target.device,
      children(part).filter(({ tag, attrs }) => tag === 'enc' && attrs.type !== 'skmsg'),
    );
  }
  return own;
}

function sharedPart(message: BinaryNode): BinaryNode | undefined {
  return children(message).find(({ tag, attrs }) => tag === 'enc' && attrs.type === 'skmsg');
}
