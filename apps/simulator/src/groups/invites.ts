import type { Account } from '../account.ts';
import { now } from '../device.ts';
import type { Network } from '../network.ts';
import { node } from '../wire/node.ts';
import { type Group, GroupRefusal } from './group.ts';
import { announceAdded, notify } from './notices.ts';
import { askFor } from './requests.ts';

/** The code of the group's link. Throws 401 for who is no admin. */
export function inviteCode(group: Group, actor: Account): string {
  if (!group.isAdmin(actor)) throw new GroupRefusal(401, 'not-authorized');
  return group.inviteCode;
}

/** Makes the link worthless and gives the code of a new one. Throws 401 for who is no admin. */
export function revokeInvite(group: Group, actor: Account): string {
  inviteCode(group, actor);
  const code = group.renewInviteCode();
  notify(group, actor, node('invite', { code }));
  return code;
}

/** The group behind a link. Throws 406 for a code that never was one, 410 for one that was revoked. */
export function invitedTo(network: Network, code: string): Group {
  const group = network.groups.byInviteCode(code);
  if (!group) throw new GroupRefusal(406, 'not-acceptable');
  if (group.inviteCode !== code) throw new GroupRefusal(410, 'gone');
  return group;
}

/** Somebody follows a link: in the group from now on, or waiting for an admin. Throws 406, 410, or 409 for a member. */
export function joinByLink(network: Network, account: Account, code: string): { group: Group; waits: boolean } {
  const group = invitedTo(network, code);
  if (group.has(account)) throw new GroupRefusal(409, 'conflict');
  if (group.settings.membershipApproval) {
    askFor(group, { account, by: account, method: 'invite_link' });
    return { group, waits: true };
  }
  join(group, account, account);
  return { group, waits: false };
}

/** Somebody accepts an invitation that is for them alone. Throws 406 if it is not, or no longer, good. */
export function acceptInvitation(network: Network, jid: string, account: Account, code: string): Group {
  const group = network.groups.find(jid);
  if (!group) throw new GroupRefusal(404, 'item-not-found');
  if (group.has(account)) throw new GroupRefusal(409, 'conflict');
  const invitation = group.invitations.get(code);
  if (!invitation || invitation.account !== account || invitation.expiresAt < now()) {
    throw new GroupRefusal(406, 'not-acceptable');
  }
  group.invitations.delete(code);
  join(group, invitation.by, account);
  return group;
}

/** Takes back the invitations of these people. Throws 403 for who is no admin. */
export function revokeInvitations(group: Group, actor: Account, accounts: Account[]): void {
  if (!group.isAdmin(actor)) throw new GroupRefusal(403, 'forbidden');
  for (const { code, account } of [...group.invitations.values()]) {
    if (accounts.includes(account)) group.invitations.delete(code);
  }
}

function join(group: Group, actor: Account, account: Account): void {
  const before = group.members;
  group.put(account, 'member');
  announceAdded(group, actor, before, [account], 'invite');
}
