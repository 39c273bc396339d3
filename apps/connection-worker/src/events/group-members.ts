import type { Party } from '@flotilla/contracts';
import { type GroupParticipant, isJidGroup, type WASocket } from '@whiskeysockets/baileys';
import { LRUCache } from 'lru-cache';
import { atMost } from '../bounded-cache.ts';
import { partyOf } from './party.ts';

/** How long it is believed what nothing has contradicted (ms), and how many groups are kept. */
const believedMs = 600_000;
const mostGroups = 500;

/** What has to be known of a group's members. */
export interface Members {
  /** How many, with this number. */
  size: number;
  admins: Party[];
}

export type GroupMembers = ReturnType<typeof createGroupMembers>;

/** Who is in groups: as it was reported, else asked for. */
export function createGroupMembers(sock: WASocket) {
  const known = new LRUCache<string, Members>({ ...atMost(mostGroups), ttl: believedMs });
  const learn = (groups: { id?: string; participants?: GroupParticipant[] }[]) => {
    for (const { id, participants } of groups) if (id && participants) known.set(id, membersOf(participants));
  };
  sock.ev.on('groups.upsert', learn);
  sock.ev.on('groups.update', learn);
  sock.ev.on('group-participants.update', ({ id }) => known.delete(id));

  return {
    /** Members of a group, or undefined if the server does not say. */
    async of(group: string): Promise<Members | undefined> {
      if (!isJidGroup(group)) return undefined;
      const before = known.get(group);
      if (before !== undefined) return before;
      const metadata = await sock.groupMetadata(group).catch(() => undefined);
      if (!metadata) return undefined;
      learn([metadata]);
      return membersOf(metadata.participants);
    },
  };
}

const membersOf = (participants: readonly GroupParticipant[]): Members => ({
  size: participants.length,
  admins: participants.flatMap(({ id, phoneNumber, lid, admin }) => (admin ? [partyOf(id, [phoneNumber, lid])] : [])),
});
