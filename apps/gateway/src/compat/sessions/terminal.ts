import { toString as toText } from 'qrcode';
import type { Parts } from '../../parts.ts';

/** Somebody who has not scanned a code for so long has gone (ms). */
const patienceMs = 180_000;

/**
 * Draws each QR code of an instance as it comes, until a phone is linked, nobody scans any more, or the gateway closes.
 * @param write to a terminal that a person looks at: a code is worth an account, and must not get into a log
 */
export async function drawCodes(
  { instances, changes, closing }: Pick<Parts, 'instances' | 'changes' | 'closing'>,
  id: string,
  write: (text: string) => void,
): Promise<void> {
  let drawn = '';
  const next = async () => {
    const instance = await instances.get(id);
    if (!instance || instance.paired) return { isOver: true as const };
    const { qr, alias = id } = instance;
    return qr && qr.text !== drawn && qr.expiresAt > Date.now() ? { isOver: false as const, qr, alias } : undefined;
  };
  while (!closing.aborted) {
    const found = await changes.waitFor(id, next, { timeoutMs: patienceMs, signal: closing });
    if (!found || found.isOver) return;
    drawn = found.qr.text;
    write(`${found.alias}\n${await toText(drawn, { type: 'utf8' })}\n`);
  }
}
