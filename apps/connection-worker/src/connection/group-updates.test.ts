import { type GroupMetadata, makeEventBuffer } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { tellGroupUpdatesSingly } from './group-updates.ts';
import { silentLogger } from './silent-logger.ts';

const id = '120363025246125486@g.us';

/** Two changes of a group that come in together, and what is told of them. */
function toldTogether(prepare: (ev: ReturnType<typeof makeEventBuffer>) => void) {
  const ev = makeEventBuffer(silentLogger);
  prepare(ev);
  const told: Partial<GroupMetadata>[] = [];
  ev.on('groups.update', (updates) => told.push(...updates));
  ev.buffer();
  ev.emit('groups.update', [{ id, subject: 'Sailing club', author: 'ann@lid' }]);
  ev.emit('groups.update', [{ id, announce: true, author: 'ben@lid' }]);
  ev.flush();
  return told;
}

describe('changes of a group that come in together', () => {
  it('are all told, each with who made it', () => {
    expect(toldTogether(tellGroupUpdatesSingly)).toEqual([
      { id, subject: 'Sailing club', author: 'ann@lid' },
      { id, announce: true, author: 'ben@lid' },
    ]);
  });

  it('would not be told by Baileys alone: once this fails, the repair can go', () => {
    expect(toldTogether(() => {})).toEqual([{ id, subject: 'Sailing club', author: 'ann@lid' }]);
  });

  it('leave what else is gathered as it is', () => {
    const ev = makeEventBuffer(silentLogger);
    tellGroupUpdatesSingly(ev);
    const told: unknown[] = [];
    ev.on('contacts.upsert', (contacts) => told.push(contacts));
    ev.buffer();
    ev.emit('contacts.upsert', [{ id: '1@s.whatsapp.net' }]);
    ev.emit('contacts.upsert', [{ id: '2@s.whatsapp.net' }]);
    expect(told).toEqual([]);
    ev.flush();
    expect(told).toEqual([[{ id: '1@s.whatsapp.net' }, { id: '2@s.whatsapp.net' }]]);
  });
});
