import type { Account } from '../account.ts';
import { now } from '../device.ts';
import type { Network } from '../network.ts';
import { node } from '../wire/node.ts';
import { type Group, GroupRefusal, type MembershipRequest } from './group.ts';
import { namesOf } from './nodes.ts';
import { announceAdded, notify } from './notices.ts';
import type { Outcome } from './participants.ts';

/** Somebody wants to join, or a member wants to add them: the admins are asked. */
export function askFor(group: Group, { account, by, method }: Omit<MembershipRequest, 'at'>): void {
  if (group.requests.has(account)) return;
  group.requests.set(account, { account, by, method, at: now() });
  const change = node('created_membership_requests', { request_method: method }, [
    node('participant', namesOf(group, account)),
  ]);
  notify(group, by, change, group.admins);
}

/** Those who want to join. Throws 403 for who is no admin. */
export function requestsOf(group: Group, actor: Account): MembershipRequest[] {
  if (!group.isAdmin(actor)) throw new GroupRefusal(403, 'forbidden');
  return [...group.requests.values()];
}

/** An admin lets people in, or does not. Throws 403 for who is none. Who has not asked is refused with 404. */
export function decideRequests(
  network: Network,
  group: Group,
  actor: Account,
  jids: string[],
  decision: 'approve' | 'reject',
): Outcome[] {
  requestsOf(group, actor);
  const before = group.members;
  const added: Account[] = [];
  const outcomes = jids.map((asked): Outcome => {
    const account = network.resolve(asked)?.account;
    if (!account || !group.requests.has(account)) return { asked, account, error: 404 };
    if (decision === 'approve') {
      group.put(account, 'member');
      added.push(account);
    } else {
      withdraw(group, actor, account);
    }
    return { asked, account };
  });
  announceAdded(group, actor, before, added);
  return outcomes;
}

/** Takes a request back: by an admin it is rejected, by the one who asked it is revoked. Both sides are told. */
export function withdraw(group: Group, actor: Account, account: Account): void {
  if (!group.requests.delete(account)) throw new GroupRefusal(404, 'item-not-found');
  const change = node('revoked_membership_requests', {}, [node('participant', namesOf(group, account))]);
  notify(group, actor, change, [...group.admins, account]);
}
