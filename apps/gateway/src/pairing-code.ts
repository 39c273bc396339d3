import { randomUUID } from 'node:crypto';
import type { StoredInstance } from '@flotilla/instance';
import type { FastifyReply } from 'fastify';
import { apiError } from './errors.ts';
import type { Parts } from './parts.ts';
import { patience } from './patience.ts';

/** How long WhatsApp is given to issue a code (ms); includes claiming the instance and opening its socket. */
const longestWaitMs = 25_000;

/**
 * Has WhatsApp issue a code to link a phone with. Connects the instance if it is not connected.
 * @param phone digits only
 * @returns the eight characters as WhatsApp gave them, and when they expire (Unix ms)
 * @throws ALREADY_PAIRED, PAIRING_CODE_TIMEOUT, INSTANCE_NOT_FOUND
 */
export async function issuePairingCode(
  { changes, instances, queues, closing }: Pick<Parts, 'changes' | 'instances' | 'queues' | 'closing'>,
  reply: FastifyReply,
  { id, paired }: StoredInstance,
  phone: string,
): Promise<{ code: string; expiresAt: number }> {
  if (paired) throw apiError('ALREADY_PAIRED');
  const requestId = randomUUID();
  await instances.setDesired(id, 'connected');
  await queues.addControl(id, { name: 'pairing-code', phone, requestId });
  await queues.rouse(id, 'requested');

  const look = async () => {
    const instance = await instances.get(id);
    if (!instance) throw apiError('INSTANCE_NOT_FOUND', id);
    if (instance.paired) throw apiError('ALREADY_PAIRED');
    return instance.pairingCode?.requestId === requestId ? instance.pairingCode : undefined;
  };
  const issued = await changes.waitFor(id, look, { timeoutMs: longestWaitMs, signal: patience(reply, closing) });
  if (!issued) throw apiError('PAIRING_CODE_TIMEOUT');
  // A code is worth an account: no cache may keep it.
  reply.header('cache-control', 'no-store');
  return issued;
}
