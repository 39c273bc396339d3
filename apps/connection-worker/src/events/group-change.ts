import type { EventData, Group, Party } from '@flotilla/contracts';
import type { BaileysEventMap, GroupMetadata } from '@whiskeysockets/baileys';
import { partyOf, userJid } from './party.ts';

type GroupUpdate = EventData<'groups.update'>;

/** What Baileys reports of a group that has changed: `author` did it. */
export function groupChange(update: Partial<GroupMetadata>): GroupUpdate | undefined {
  const jid = update.id;
  if (!jid) return undefined;
  const { subject, desc, announce, restrict, memberAddMode, joinApprovalMode, inviteCode } = update;
  const group: Partial<Group> & { jid: string } = { jid };
  if (subject !== undefined) group.subject = subject;
  if ('desc' in update) group.description = desc ?? '';
  if (announce !== undefined) group.announcement = announce;
  if (restrict !== undefined) group.locked = restrict;
  if (memberAddMode !== undefined) group.membersAdd = memberAddMode;
  if (joinApprovalMode !== undefined) group.joinApproval = joinApprovalMode;
  if (Object.keys(group).length === 1 && !inviteCode) return undefined;
  return { group, by: actor(update), ...(inviteCode ? { inviteCode } : {}) };
}

/** Whether a report holds the whole group, as after a login, and not only what has changed. */
export const isWholeGroup = (update: Partial<GroupMetadata>): update is GroupMetadata =>
  update.participants !== undefined && update.subject !== undefined;

/** Who did it, by both addresses. */
const actor = ({ author, authorPn }: { author?: string; authorPn?: string }): Party | undefined =>
  author ? partyOf(author, [authorPn]) : undefined;

/** Members that were added, removed, made admins or not. */
export function participantsChange(
  change: BaileysEventMap['group-participants.update'],
): EventData<'group-participants.update'> {
  return {
    group: change.id,
    action: change.action,
    participants: change.participants.map(({ id, phoneNumber, lid, notify }) =>
      partyOf(id, [phoneNumber, lid], notify),
    ),
    by: actor(change),
  };
}

/** Somebody asks to join. */
export function joinRequest(request: BaileysEventMap['group.join-request']): EventData<'group.join-request'> {
  return {
    group: userJid(request.id),
    participant: partyOf(request.participant || request.participantPn, [request.participantPn]),
    action: request.action,
    method: request.method,
  };
}
