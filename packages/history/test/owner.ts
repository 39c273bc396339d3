import type { EventMessage } from '@flotilla/contracts';
import { claim, fencedWrite, type RedisCommand, readOwnership } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import { createHistoryWriter, defaultBounds, type HistoryBounds } from '../src/index.ts';

export const instance = 'ins_a';

/** Claims the instance as a worker does, and gives what its owner writes with. */
export async function own(redis: Redis, bounds: HistoryBounds = defaultBounds) {
  const result = await claim(redis, instance, {
    incarnation: 'w1',
    expected: await readOwnership(redis, instance),
  });
  if (!result.claimed) throw new Error('Somebody else claimed it');
  const fence = { instance, owner: 'w1', epoch: result.epoch };
  const write = (commands: readonly RedisCommand[]) => fencedWrite(redis, fence, commands);
  return { writer: createHistoryWriter({ redis, instance, bounds }), write };
}

export const ann = '14155550101@s.whatsapp.net';

/** A text message from Ann, with what is given instead. */
export const text = (id: string, timestamp: number, more: Partial<EventMessage> = {}): EventMessage => ({
  id,
  chat: ann,
  fromMe: false,
  sender: { jid: ann, phone: '14155550101', lid: '77001@lid', pushName: 'Ann' },
  timestamp,
  kind: 'text',
  type: 'conversation',
  text: `text of ${id}`,
  ...more,
});
