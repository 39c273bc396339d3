import { listMessages } from '@flotilla/history';
import type { StoredInstance } from '@flotilla/instance';
import type { Parts } from '../parts.ts';
import { recentEvent } from './recent-event.ts';

const phoneOf = (jid: string | undefined) => /^(\d+)(?::\d+)?@s\.whatsapp\.net$/.exec(jid ?? '')?.[1];

/**
 * The instance with its number, also while it is not connected: its status has that only while it is. These services
 * knew it once and for all.
 * @returns without it if no phone is linked, or nothing is kept that tells it
 */
export async function withPhone(parts: Pick<Parts, 'redis'>, instance: StoredInstance): Promise<StoredInstance> {
  const { id, paired, status } = instance;
  if (!paired || status.phone !== undefined) return instance;
  const opened = await recentEvent(parts, id, 'connection.update', ({ data }) => data.phone !== undefined);
  if (opened) {
    const { phone, jid, pushName } = opened.data;
    return { ...instance, status: { ...status, phone, jid, pushName } };
  }
  const [sent] = (await listMessages(parts.redis, id, { direction: 'out', limit: 1 })).items;
  const phone = sent?.sender.phone ?? phoneOf(sent?.sender.jid);
  return phone === undefined ? instance : { ...instance, status: { ...status, phone } };
}
