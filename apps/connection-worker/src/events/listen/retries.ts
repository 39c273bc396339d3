import { proto, type WASocket } from '@whiskeysockets/baileys';
import type { WorkerMetrics } from '../../worker-metrics.ts';

/** Counts what either side could not decrypt. Baileys answers both by itself. */
export function countRetries(
  { ev, ws }: Pick<WASocket, 'ev' | 'ws'>,
  { retryReceipts, undecryptable }: Pick<WorkerMetrics, 'retryReceipts' | 'undecryptable'>,
): void {
  ws.on('CB:receipt,type:retry', () => retryReceipts.inc());
  ev.on('messages.upsert', ({ messages }) => {
    for (const { messageStubType } of messages)
      if (messageStubType === proto.WebMessageInfo.StubType.CIPHERTEXT) undecryptable.inc({ when: 'arrival' });
  });
}
