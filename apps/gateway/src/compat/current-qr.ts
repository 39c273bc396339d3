import type { StoredInstance } from '@flotilla/instance';
import type { FastifyReply } from 'fastify';
import { toDataURL } from 'qrcode';
import { apiError } from '../errors.ts';
import { connectInstance } from '../instance-control.ts';
import { statusOf } from '../instance-view.ts';
import type { Parts } from '../parts.ts';
import { patience } from '../patience.ts';

/** How long a request waits for a code (ms): these services have one at hand, we may first have to connect. */
const waitMs = 10_000;

/** The QR code of the moment, and the instance that it links. */
export interface CurrentQr {
  instance: StoredInstance;
  /** None if a phone is linked already, or if there was none in time. */
  code?: { text: string; dataUrl: string; expiresAt: number };
}

/**
 * Reads the QR code of an instance, waiting a little for one. An instance without a phone that rests is connected:
 * these services go on making codes for ever.
 */
export async function readQr(parts: Parts, instance: StoredInstance, reply: FastifyReply): Promise<CurrentQr> {
  const { changes, instances, closing } = parts;
  const { id } = instance;
  const rests = ['new', 'closed'].includes(statusOf(instance).state);
  if (!instance.paired && rests) await connectInstance(parts, id);
  let latest = instance;
  const look = async () => {
    const read = await instances.get(id);
    if (!read) throw apiError('INSTANCE_NOT_FOUND', id);
    latest = read;
    return read.paired || (read.qr && read.qr.expiresAt > Date.now()) ? read : undefined;
  };
  const found = await changes.waitFor(id, look, { timeoutMs: waitMs, signal: patience(reply, closing) });
  // A code is worth an account: no cache may keep it.
  reply.header('cache-control', 'no-store');
  const qr = found?.paired ? undefined : found?.qr;
  if (!qr) return { instance: latest };
  return { instance: latest, code: { ...qr, dataUrl: await toDataURL(qr.text, { width: 400 }) } };
}
