import type { Group } from '@flotilla/contracts';
import type { GroupMetadata, GroupParticipant } from '@whiskeysockets/baileys';
import { partyOf } from './party.ts';

/** A group as Baileys has it, as events and routes show it. */
export function groupView(metadata: GroupMetadata): Group {
  const { id, subject, desc, owner, ownerPn, creation, size, participants, addressingMode } = metadata;
  return {
    jid: id,
    subject: subject ?? '',
    ...(desc ? { description: desc } : {}),
    ...(owner ? { owner: partyOf(owner, [ownerPn]) } : {}),
    ...(creation ? { createdAt: creation * 1_000 } : {}),
    size: size ?? participants?.length ?? 0,
    participants: (participants ?? []).map(memberView),
    announcement: metadata.announce ?? false,
    locked: metadata.restrict ?? false,
    ...(metadata.ephemeralDuration ? { ephemeralSeconds: metadata.ephemeralDuration } : {}),
    membersAdd: metadata.memberAddMode ?? false,
    joinApproval: metadata.joinApprovalMode ?? false,
    ...(metadata.linkedParent ? { community: metadata.linkedParent } : {}),
    ...(metadata.isCommunity ? { isCommunity: true } : {}),
    ...(addressingMode ? { addressing: addressingMode } : {}),
  };
}

function memberView(participant: GroupParticipant): Group['participants'][number] {
  const { id, lid, phoneNumber, notify, admin } = participant;
  return { ...partyOf(id, [phoneNumber, lid], notify), role: admin ?? 'member' };
}
