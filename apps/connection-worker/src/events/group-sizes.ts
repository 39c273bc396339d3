import { isJidGroup, type WASocket } from '@whiskeysockets/baileys';
import { LRUCache } from 'lru-cache';

/** How long a size is believed that nothing has contradicted (ms), and how many are kept. */
const believedMs = 600_000;
const mostGroups = 500;

/** How many members groups have: as it was reported, else asked for. */
export function createGroupSizes(sock: WASocket) {
  const sizes = new LRUCache<string, number>({ max: mostGroups, ttl: believedMs });
  const learn = (groups: { id?: string; participants?: unknown[] }[]) => {
    for (const { id, participants } of groups) if (id && participants) sizes.set(id, participants.length);
  };
  sock.ev.on('groups.upsert', learn);
  sock.ev.on('groups.update', learn);
  sock.ev.on('group-participants.update', ({ id }) => sizes.delete(id));

  return {
    /** Members of a group with this number, or undefined if the server does not say. */
    async of(group: string): Promise<number | undefined> {
      if (!isJidGroup(group)) return undefined;
      const known = sizes.get(group);
      if (known !== undefined) return known;
      const metadata = await sock.groupMetadata(group).catch(() => undefined);
      if (!metadata) return undefined;
      learn([metadata]);
      return metadata.participants.length;
    },
  };
}
