import { randomBytes } from 'node:crypto';
import type { Account } from './account.ts';
import { type Device, now } from './device.ts';
import { node } from './wire/node.ts';

/** Tells the account's devices, but not the one that made the change, that a collection has a new version. */
export function announceAppState(account: Account, collection: string, version: number, except?: Device): void {
  for (const device of account.devices.values()) {
    if (device === except) continue;
    const id = randomBytes(8).toString('hex').toUpperCase();
    const attributes = { from: account.jid('pn'), type: 'server_sync', id, t: now() };
    device.deliver(node('notification', attributes, [node('collection', { name: collection, version })]));
  }
}
