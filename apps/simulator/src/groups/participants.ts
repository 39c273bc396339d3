import type { Account } from '../account.ts';
import { now } from '../device.ts';
import type { Addressing } from '../jid.ts';
import type { Network } from '../network.ts';
import { type Group, GroupRefusal, type Invitation, randomCode } from './group.ts';
import { announceAdded, changeNode, notify, showGroup } from './notices.ts';
import { askFor } from './requests.ts';

/** Subjects are at most this long. */
const maxSubject = 100;
/** An invitation for one person is good for three days, in seconds. */
const invitationSeconds = 3 * 24 * 60 * 60;

/** What became of one whom somebody wanted to add, remove, promote or demote. */
export interface Outcome {
  /** The JID as it was asked for. */
  asked: string;
  /** Undefined if nobody has that JID. */
  account: Account | undefined;
  /** 403 not allowed, 404 unknown or not in the group, 409 in it already. */
  error?: number;
  /** What they can be sent instead of being added. */
  invitation?: Invitation;
}

/** Creates a group. Those who cannot be added are in the outcomes with an error. */
export function createGroup(
  network: Network,
  creator: Account,
  { subject, jids, addressing = 'lid' }: { subject: string; jids: string[]; addressing?: Addressing | undefined },
): { group: Group; outcomes: Outcome[] } {
  checkSubject(subject);
  const group = network.groups.create(creator, subject, addressing);
  const outcomes = jids.map((jid) => add(network, group, creator, jid)).filter(({ account }) => account !== creator);
  showGroup(group, creator, group.members);
  return { group, outcomes };
}

/** Throws 406 for a subject that is empty or too long. */
export function checkSubject(subject: string): void {
  if (subject === '' || subject.length > maxSubject) throw new GroupRefusal(406, 'not-acceptable');
}

/** A member adds people. Throws 403 if only admins may. */
export function addParticipants(network: Network, group: Group, actor: Account, jids: string[]): Outcome[] {
  const isAdmin = group.isAdmin(actor);
  if (!isAdmin && group.settings.memberAddMode === 'admin_add') throw new GroupRefusal(403, 'forbidden');
  const before = group.members;
  if (!isAdmin && group.settings.membershipApproval) {
    return jids.map((asked) => {
      const account = network.resolve(asked)?.account;
      if (!account) return { asked, account, error: 404 };
      if (group.has(account)) return { asked, account, error: 409 };
      askFor(group, { account, by: actor, method: 'non_admin_add' });
      return { asked, account };
    });
  }
  const outcomes = jids.map((jid) => add(network, group, actor, jid));
  announceAdded(group, actor, before, done(outcomes));
  return outcomes;
}

/** An admin removes people. Throws 403 for who is none. */
export function removeParticipants(network: Network, group: Group, actor: Account, jids: string[]): Outcome[] {
  const before = group.members;
  const outcomes = forEachMember(network, group, actor, jids, (account) => {
    if (group.roleOf(account) === 'superadmin') return 403;
    group.remove(account);
    return undefined;
  });
  const removed = done(outcomes);
  if (removed.length > 0) notify(group, actor, changeNode(group, 'remove', removed), before);
  return outcomes;
}

/** An admin gives others the role of an admin, or takes it away. Throws 403 for who is none. */
export function changeRoles(
  network: Network,
  group: Group,
  actor: Account,
  jids: string[],
  change: 'promote' | 'demote',
): Outcome[] {
  const changed: Account[] = [];
  const outcomes = forEachMember(network, group, actor, jids, (account) => {
    const role = group.roleOf(account);
    if (role === 'superadmin') return change === 'demote' ? 403 : undefined;
    const wanted = change === 'promote' ? 'admin' : 'member';
    if (role !== wanted) changed.push(account);
    group.put(account, wanted);
    return undefined;
  });
  if (changed.length > 0) notify(group, actor, changeNode(group, change, changed));
  return outcomes;
}

/** A member leaves. A group without an admin makes its oldest member one. */
export function leaveGroup(group: Group, account: Account): void {
  const before = group.members;
  group.remove(account);
  notify(group, account, changeNode(group, 'remove', [account]), before);
  const [oldest] = group.members;
  if (!oldest || group.admins.length > 0) return;
  group.put(oldest, 'admin');
  notify(group, oldest, changeNode(group, 'promote', [oldest]));
}

function add(network: Network, group: Group, actor: Account, asked: string): Outcome {
  const account = network.resolve(asked)?.account;
  if (!account) return { asked, account, error: 404 };
  if (group.has(account)) return { asked, account, error: 409 };
  // Who may add somebody is a privacy setting; nobody here has an address book, so "contacts" is nobody.
  if (account.privacy.get('groupadd') !== 'all' || account.blocks(actor)) {
    const invitation = { code: randomCode(), account, by: actor, expiresAt: now() + invitationSeconds };
    group.invitations.set(invitation.code, invitation);
    return { asked, account, error: 403, invitation };
  }
  group.put(account, 'member');
  return { asked, account };
}

/** Does something to each of these members; `change` gives the code of a refusal. */
function forEachMember(
  network: Network,
  group: Group,
  actor: Account,
  jids: string[],
  change: (account: Account) => number | undefined,
): Outcome[] {
  if (!group.isAdmin(actor)) throw new GroupRefusal(403, 'forbidden');
  return jids.map((asked) => {
    const account = network.resolve(asked)?.account;
    const error = account && group.has(account) ? change(account) : 404;
    return { asked, account, ...(error !== undefined && { error }) };
  });
}

function done(outcomes: Outcome[]): Account[] {
  return outcomes.flatMap(({ account, error }) => (account && error === undefined ? [account] : []));
}
