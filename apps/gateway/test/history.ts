import type { EventMessage } from '@flotilla/contracts';
import { createHistoryWriter, defaultBounds } from '@flotilla/history';
import { claim, fencedWrite, type RedisCommand, readOwnership } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';

/** Writes the history of an instance as its owner does, under a fence. */
export async function ownHistory(redis: Redis, instance: string) {
  const result = await claim(redis, instance, { incarnation: 'w1', expected: await readOwnership(redis, instance) });
  if (!result.claimed) throw new Error('Somebody else claimed it');
  const fence = { instance, owner: 'w1', epoch: result.epoch };
  const history = createHistoryWriter({ redis, instance, bounds: defaultBounds });
  return { history, write: (commands: readonly RedisCommand[]) => fencedWrite(redis, fence, commands) };
}

export const ann = { phone: '14155550101', jid: '14155550101@s.whatsapp.net', lid: '77001@lid' };

/** A text message from Ann, with what is given instead. */
export const textFromAnn = (id: string, timestamp: number, more: Partial<EventMessage> = {}): EventMessage => ({
  id,
  chat: ann.jid,
  fromMe: false,
  sender: { ...ann, pushName: 'Ann' },
  timestamp,
  kind: 'text',
  type: 'conversation',
  text: `text of ${id}`,
  ...more,
});
