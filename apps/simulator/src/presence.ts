import type { Account } from './account.ts';
import { type Device, now } from './device.ts';
import { addressingOf } from './jid.ts';
import type { Network } from './network.ts';
import { type BinaryNode, children, node } from './wire/node.ts';

/** A client's `<presence>`: available or not, a new name, or a wish to be told about somebody. */
export function takePresence(network: Network, device: Device, stanza: BinaryNode): void {
  const { type, name, to } = stanza.attrs;
  if (name) device.pushName = name;
  if (type === 'subscribe') {
    const target = network.resolve(to);
    if (!target) return;
    target.account.presenceWatchers.add(device);
    const online =
      [...target.account.devices.values()].some(({ available }) => available) || target.account.contact?.available;
    device.stream?.send(node('presence', { from: to, ...(online ? {} : { type: 'unavailable', last: now() }) }));
    return;
  }
  // Clients send an empty one after nearly every change of their credentials.
  if (type !== 'available' && type !== 'unavailable') return;
  device.available = type === 'available';
  showPresence(device.account, device.available);
}

/** Tells everybody who asked whether an account is online. */
export function showPresence(account: Device['account'], available: boolean): void {
  for (const watcher of account.presenceWatchers) {
    watcher.stream?.send(
      node('presence', { from: account.jid('pn'), ...(available ? {} : { type: 'unavailable', last: now() }) }),
    );
  }
}

/** A client's "typing": shown at the other side's connected devices, never queued. */
export function takeChatState(network: Network, device: Device, stanza: BinaryNode): void {
  const { to = '' } = stanza.attrs;
  const { account } = device;
  const group = network.groups.find(to);
  if (group) {
    if (!group.has(account)) return;
    const from = { from: group.jid, participant: account.jid(group.addressing) };
    for (const member of group.members) if (member !== account) showChatState(account, member, from, stanza);
    return;
  }
  const target = network.resolve(to);
  if (target) showChatState(account, target.account, { from: account.jid(addressingOf(to)) }, stanza);
}

function showChatState(author: Account, to: Account, from: Record<string, string>, stanza: BinaryNode): void {
  const shown = node('chatstate', from, children(stanza));
  for (const { stream } of to.devices.values()) if (stream?.live) stream.send(shown);
  if (!to.contact) return;
  const { chatStates } = to.contact;
  chatStates.push({ from: author.phone, state: children(stanza)[0]?.tag ?? '', at: Date.now() });
  if (chatStates.length > 100) chatStates.shift();
}
