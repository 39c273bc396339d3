import type { JournalEntry } from '@flotilla/instance';
import { describe, expect, it } from 'vitest';
import { RecentJournals } from './recent-journals.ts';

const entry = (messageId: string): JournalEntry => ({
  messageId,
  command: 'send.text',
  to: '14155550123@s.whatsapp.net',
  status: 'sending',
  at: { queued: 1, sending: 2 },
});

describe('the journal entries that were touched last', () => {
  it('are known until others have been, and until a write has failed', () => {
    const recent = new RecentJournals();
    recent.keep(entry('m0'));
    recent.keep({ ...entry('m0'), status: 'acked' });
    expect(recent.get('m0')?.status).toBe('acked');
    for (let n = 1; n < 8; n += 1) recent.keep(entry(`m${n}`));
    expect(recent.get('m0')).toBeDefined();
    recent.keep(entry('m8'));
    expect(recent.get('m0')).toBeUndefined();
    recent.forget('m8');
    expect(recent.get('m8')).toBeUndefined();
    expect(recent.get('m7')).toBeDefined();
  });
});
