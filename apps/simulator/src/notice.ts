import { randomBytes } from 'node:crypto';
import type { Account } from './account.ts';
import { type Device, now } from './device.ts';
import { type BinaryNode, node } from './wire/node.ts';

/** A `<notification>` of a type, with an id of its own. */
export function notification(
  from: string,
  type: string,
  content: BinaryNode[],
  attributes: Record<string, string | undefined> = {},
): BinaryNode {
  const id = randomBytes(8).toString('hex').toUpperCase();
  return node('notification', { ...attributes, from, type, id, t: now() }, content);
}

/** Tells the account's devices, but not the one that made the change, what is new about the account itself. */
export function tellOwnDevices(account: Account, type: string, content: BinaryNode[], except?: Device): void {
  for (const device of account.devices.values()) {
    if (device !== except) device.deliver(notification(account.jid('pn'), type, content));
  }
}
