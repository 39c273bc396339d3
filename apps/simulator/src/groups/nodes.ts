import type { Account } from '../account.ts';
import { type BinaryNode, node } from '../wire/node.ts';
import type { Group } from './group.ts';

type Attributes = Record<string, string | number | undefined>;

/** `<participant>` with both addresses, and the role of a member who has one. */
export function participantNode(group: Group, account: Account, more: Attributes = {}, content?: BinaryNode[]) {
  const role = group.roleOf(account);
  const type = role === 'admin' || role === 'superadmin' ? role : undefined;
  return node('participant', { ...namesOf(group, account), type, ...more }, content);
}

/** An account's addresses in a group: `jid` in the group's own form, and the other one. */
export function namesOf(group: Group, account: Account): Attributes {
  return group.addressing === 'lid'
    ? { jid: account.jid('lid'), phone_number: account.jid('pn') }
    : { jid: account.jid('pn'), lid: account.jid('lid') };
}

/** A group's metadata, with the members or, for who is not in it, without. */
export function groupNode(group: Group, { members = true, more = [] as BinaryNode[] } = {}): BinaryNode {
  const { subject, description, settings, addressing } = group;
  return node(
    'group',
    {
      id: group.id,
      subject: subject.text,
      ...authorOf(group, 's_o', subject.by),
      s_t: subject.at,
      ...authorOf(group, 'creator', group.creator),
      creation: group.createdAt,
      addressing_mode: addressing,
      size: group.size,
    },
    [
      ...(members ? group.members.map((account) => participantNode(group, account)) : []),
      ...more,
      ...(description ? [descriptionNode(group)] : []),
      ...(settings.announcement ? [node('announcement')] : []),
      ...(settings.locked ? [node('locked')] : []),
      ...(settings.ephemeral > 0 ? [node('ephemeral', { expiration: settings.ephemeral })] : []),
      node('member_add_mode', {}, settings.memberAddMode),
      ...(settings.membershipApproval ? [approvalNode(true)] : []),
    ],
  );
}

/** `<description>`; one that was deleted says so. */
export function descriptionNode(group: Group): BinaryNode {
  const { description } = group;
  if (!description) return node('description', { delete: 'true' });
  const { id, at, by, text } = description;
  return node('description', { id, t: at, ...authorOf(group, 'participant', by) }, [node('body', {}, text)]);
}

/** Whether admins decide who gets in. */
export function approvalNode(on: boolean): BinaryNode {
  return node('membership_approval_mode', {}, [node('group_join', { state: on ? 'on' : 'off' })]);
}

/** An account as an attribute in the group's own form, and in the other one with `_pn` or `_lid` behind the name. */
export function authorOf(group: Group, name: string, account: Account, device = 0): Attributes {
  const other = group.addressing === 'lid' ? 'pn' : 'lid';
  return { [name]: account.jid(group.addressing, device), [`${name}_${other}`]: account.jid(other) };
}
