import { randomBytes } from 'node:crypto';
import type { Account } from '../account.ts';
import { now } from '../device.ts';
import { type BinaryNode, node } from '../wire/node.ts';
import type { Group } from './group.ts';
import { authorOf, groupNode, participantNode } from './nodes.ts';

/** Tells all devices of these accounts, by default of all members, what somebody did to the group; their own as well. */
export function notify(group: Group, actor: Account, change: BinaryNode, audience: Account[] = group.members): void {
  const stanza = node(
    'notification',
    {
      from: group.jid,
      type: 'w:gp2',
      id: randomBytes(8).toString('hex').toUpperCase(),
      t: now(),
      notify: actor.name,
      addressing_mode: group.addressing,
      ...authorOf(group, 'participant', actor),
    },
    [change],
  );
  for (const account of new Set(audience)) for (const device of account.devices.values()) device.deliver(stanza);
}

/** Shows a group to those who are in it since now. */
export function showGroup(group: Group, actor: Account, audience: Account[], reason?: 'invite'): void {
  const type = reason ? undefined : 'new';
  notify(group, actor, node('create', { type, reason }, [groupNode(group)]), audience);
}

/** Tells those who were in the group who is new, and shows it to the new ones. */
export function announceAdded(
  group: Group,
  actor: Account,
  before: Account[],
  added: Account[],
  reason?: 'invite',
): void {
  if (added.length === 0) return;
  notify(group, actor, changeNode(group, 'add', added, reason), before);
  showGroup(group, actor, added, reason);
}

/** `<add>`, `<remove>` and the like with those whom it is about. */
export function changeNode(group: Group, tag: string, accounts: Account[], reason?: string): BinaryNode {
  return node(
    tag,
    { reason },
    accounts.map((account) => participantNode(group, account, { type: undefined })),
  );
}
