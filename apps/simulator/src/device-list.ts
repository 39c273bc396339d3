import { randomBytes } from 'node:crypto';
import { type Device, now } from './device.ts';
import { node } from './wire/node.ts';

/**
 * Tells the account's other devices, and those of accounts that have asked for its device list, that a device was added
 * or removed. Clients keep device lists for minutes: without this they would go on encrypting for the old ones.
 */
export function announceDevice(device: Device, change: 'add' | 'remove'): void {
  const { account } = device;
  const devices = [device.pn, device.lid].map((jid) => node('device', { jid, 'key-index': device.keyIndex }));
  for (const watcher of new Set([account, ...account.deviceWatchers])) {
    for (const other of watcher.devices.values()) {
      if (other === device) continue;
      const id = randomBytes(8).toString('hex').toUpperCase();
      const attributes = { from: account.jid('pn'), type: 'devices', id, t: now() };
      other.deliver(node('notification', attributes, [node(change, {}, devices)]));
    }
  }
}
