import type { Account } from '../account.ts';
import { now } from '../device.ts';
import { node } from '../wire/node.ts';
import { type Group, GroupRefusal, type GroupSettings } from './group.ts';
import { approvalNode, authorOf, descriptionNode } from './nodes.ts';
import { notify } from './notices.ts';
import { checkSubject } from './participants.ts';

const maxDescription = 2_048;

/** Gives the group another subject. Throws 403, or 406 for one that is empty or too long. */
export function changeSubject(group: Group, actor: Account, text: string): void {
  mayEdit(group, actor);
  checkSubject(text);
  group.subject = { text, by: actor, at: now() };
  const { at } = group.subject;
  notify(group, actor, node('subject', { subject: text, s_t: at, ...authorOf(group, 's_o', actor) }));
}

/**
 * Gives the group another description; without a text it has none from now on. `previous` is the id of the one that is
 * replaced: throws 409 if that is not the present one, 403, or 406 for one that is too long.
 */
export function changeDescription(
  group: Group,
  actor: Account,
  { id, text, previous }: { id: string; text: string | undefined; previous: string | undefined },
): void {
  mayEdit(group, actor);
  if (previous !== group.description?.id) throw new GroupRefusal(409, 'conflict');
  if (text && text.length > maxDescription) throw new GroupRefusal(406, 'not-acceptable');
  group.description = text ? { id, text, by: actor, at: now() } : undefined;
  notify(group, actor, descriptionNode(group));
}

/** Changes settings, each with a notification of its own. Throws 403 for who may not; then nothing has changed. */
export function changeSettings(group: Group, actor: Account, change: Partial<GroupSettings>): void {
  const { announcement, locked, ephemeral, memberAddMode, membershipApproval } = change;
  if ([announcement, locked, memberAddMode, membershipApproval].some((each) => each !== undefined)) admin(group, actor);
  if (ephemeral !== undefined) mayEdit(group, actor);
  const { settings } = group;
  if (announcement !== undefined) {
    settings.announcement = announcement;
    notify(group, actor, node(announcement ? 'announcement' : 'not_announcement'));
  }
  if (locked !== undefined) {
    settings.locked = locked;
    notify(group, actor, node(locked ? 'locked' : 'unlocked'));
  }
  if (ephemeral !== undefined) {
    settings.ephemeral = ephemeral;
    notify(group, actor, ephemeral > 0 ? node('ephemeral', { expiration: ephemeral }) : node('not_ephemeral'));
  }
  if (memberAddMode !== undefined) {
    settings.memberAddMode = memberAddMode;
    notify(group, actor, node('member_add_mode', {}, memberAddMode));
  }
  if (membershipApproval !== undefined) {
    settings.membershipApproval = membershipApproval;
    notify(group, actor, approvalNode(membershipApproval));
  }
}

function mayEdit(group: Group, actor: Account): void {
  if (group.settings.locked) admin(group, actor);
}

function admin(group: Group, actor: Account): void {
  if (!group.isAdmin(actor)) throw new GroupRefusal(403, 'forbidden');
}
