import type { MessageStatus } from '@flotilla/contracts';
import { describe, expect, test } from 'vitest';
import {
  currentStatus,
  decodeStatuses,
  encodeStatuses,
  type Statuses,
  statusHistory,
  statusLetter,
  withStatus,
} from './statuses.ts';

const now = 1_795_000_000_000;

describe('statuses', () => {
  test('are stored shortly, and come back as they were', () => {
    const stored: Statuses[] = [
      { at: { queued: now } },
      { at: { queued: now, sending: now + 3, acked: now - 20, delivered: now + 90_000, read: now + 900_000 } },
      { at: { delivered: 0 } },
      {
        at: { queued: now, failed: now + 1 },
        error: { code: 'refused', message: 'No! Not, "this": time', whatsappCode: 463 },
      },
    ];
    for (const statuses of stored) {
      const text = encodeStatuses(statuses);
      expect(decodeStatuses(text)).toEqual(statuses);
      expect(text[0]).toBe(statusLetter(currentStatus(statuses) as MessageStatus));
    }
    expect(encodeStatuses({ at: {} })).toBe('');
    expect(decodeStatuses('')).toEqual({ at: {} });
    const all = { queued: now, sending: now + 500, acked: now + 800, delivered: now + 3_000, read: now + 3_600_000 };
    expect(encodeStatuses({ at: all }).length).toBeLessThan(40);
  });

  test('only move on', () => {
    const acked = { at: { queued: 1, acked: 3 } };
    expect(withStatus(acked, 'read', 9)).toEqual({ at: { queued: 1, acked: 3, read: 9 } });
    for (const status of ['queued', 'sending', 'acked', 'failed'] as const)
      expect(withStatus(acked, status, 9)).toBeUndefined();
    const error = { code: 'expired' as const, message: 'x' };
    const failed = withStatus({ at: { sending: 1 } }, 'failed', 2, error);
    expect(failed).toEqual({ at: { sending: 1, failed: 2 }, error });
    expect(withStatus(failed ?? { at: {} }, 'acked', 3)).toBeUndefined();
    expect(withStatus({ at: {} }, 'queued', 1)).toEqual({ at: { queued: 1 } });
  });

  test('are listed in their order', () => {
    expect(statusHistory({ at: { read: 3, queued: 5 } })).toEqual([
      { status: 'queued', at: 5 },
      { status: 'read', at: 3 },
    ]);
  });
});
