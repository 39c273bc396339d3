import type { Account } from './account.ts';
import { type Device, now } from './device.ts';
import { type Addressing, addressingOf } from './jid.ts';
import type { Network } from './network.ts';
import { type BinaryNode, children, node } from './wire/node.ts';

/** A client's `<presence>`: available or not, a new name, or a wish to be told about somebody. */
export function takePresence(network: Network, device: Device, stanza: BinaryNode): void {
  const { type, name, to = '' } = stanza.attrs;
  if (name) device.pushName = name;
  if (type === 'subscribe') {
    const target = network.resolve(to)?.account;
    const { stream } = device;
    if (!target || !stream) return;
    // It holds for this connection, and it is answered by the kind of JID that it names.
    target.presenceWatchers.set(device, { stream, addressing: addressingOf(to) });
    stream.send(presenceOf(target, addressingOf(to)));
    return;
  }
  // Clients send an empty one after nearly every change of their credentials.
  if (type !== 'available' && type !== 'unavailable') return;
  setAvailable(device, type === 'available');
}

/** A device comes online or goes; the account is offline once none is left. Whoever watches is told what changes. */
export function setAvailable(device: Device, available: boolean): void {
  const { account } = device;
  const before = isOnline(account);
  device.available = available;
  if (before === isOnline(account)) return;
  if (before) account.lastSeenAt = now();
  showPresence(account);
}

/** Tells everybody who asked whether an account is online, and if not, since when. */
export function showPresence(account: Account): void {
  for (const [device, { stream, addressing }] of account.presenceWatchers) {
    if (device.stream === stream) stream.send(presenceOf(account, addressing));
    else account.presenceWatchers.delete(device);
  }
}

/** Whether somebody uses the account at the moment: a contact its phone, or a client one of its devices. */
export function isOnline({ contact, devices }: Account): boolean {
  return Boolean(contact?.available) || [...devices.values()].some(({ available }) => available);
}

function presenceOf(account: Account, addressing: Addressing): BinaryNode {
  const from = account.jid(addressing);
  if (isOnline(account)) return node('presence', { from });
  const hidden = account.privacy.get('last') === 'none';
  return node('presence', { from, type: 'unavailable', last: hidden ? 'deny' : account.lastSeenAt });
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
  const state = children(stanza)[0];
  const recording = state?.tag === 'composing' && state.attrs.media === 'audio';
  const chat = from.participant ? (from.from ?? '') : author.phone;
  chatStates.push({ from: author.phone, chat, state: recording ? 'recording' : (state?.tag ?? ''), at: Date.now() });
  if (chatStates.length > 100) chatStates.shift();
}
