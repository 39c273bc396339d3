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
  const target = network.resolve(to);
  if (!target) return;
  const shown = node('chatstate', { from: device.account.jid(addressingOf(to)) }, children(stanza));
  for (const other of target.account.devices.values()) if (other.stream?.live) other.stream.send(shown);
  target.account.contact?.chatStates.push({
    from: device.account.phone,
    state: children(stanza)[0]?.tag ?? '',
    at: Date.now(),
  });
  if (target.account.contact && target.account.contact.chatStates.length > 100)
    target.account.contact.chatStates.shift();
}
