import { type EventMessage, receivedMediaId } from '@flotilla/contracts';
import type { FormatContext } from '@flotilla/format';
import type { createInstances } from '@flotilla/instance';
import { createLinkToken, toldLinkMs } from '@flotilla/media';
import type { KeyRing } from '@flotilla/seal';
import { toDataURL } from 'qrcode';

/**
 * How long an instance is not read again (ms): the time in which deliveries see another alias. One whose number is not
 * known is read each time: it is about to be linked.
 */
const maxAgeMs = 3_000;
/** Instances that are remembered, also when their record is gone: their last events are still under way. */
const kept = 10_000;

/** Wide enough for a phone's camera (pixels). */
const qrWidth = 400;

/**
 * Reads what formats may know of instances, each at most once in three seconds once it is linked.
 * @param instances reads records, also of instances that their tenant has deleted
 * @returns a function that gives the context; of an instance that is gone, or another tenant's, it has the id only
 */
export function createFormatContexts(
  instances: Pick<ReturnType<typeof createInstances>, 'read'>,
  { keyRing, publicUrl }: { keyRing: Pick<KeyRing, 'sign'>; publicUrl?: string },
) {
  const cached = new Map<string, { readAt: number; tenant: string; instance: FormatContext['instance'] }>();

  const read = async (tenant: string, id: string): Promise<FormatContext['instance']> => {
    const known = cached.get(id);
    const now = performance.now();
    const before = known?.tenant === tenant ? known.instance : undefined;
    if (known && before?.phone !== undefined && now - known.readAt < maxAgeMs) return before;
    const record = await instances.read(id);
    // What was known of a deleted instance is its name for ever.
    if (!record) return before ?? { id, name: '' };
    if (record.tenant !== tenant) return { id, name: '' };
    const { alias, name, metadata, status } = record;
    // The record names the number while it is connected; events of before may be posted long after.
    const { phone, pushName, jid } = status.phone === undefined && before ? before : status;
    const instance = { id, alias, name, metadata, phone, pushName, jid };
    cached.delete(id);
    cached.set(id, { readAt: now, tenant, instance });
    const oldest = cached.keys().next();
    if (cached.size > kept && !oldest.done) cached.delete(oldest.value);
    return instance;
  };

  /** The file need not be there yet: its id follows from the message. The same for each attempt to deliver it. */
  const linkTo = (tenant: string, instance: string, { chat, id, timestamp }: EventMessage) =>
    createLinkToken(keyRing, {
      tenant,
      id: receivedMediaId(instance, chat, id),
      expiresAt: Math.max(timestamp, Date.now() - toldLinkMs / 2) + toldLinkMs,
    });

  return async (tenant: string, id: string): Promise<FormatContext> => ({
    instance: await read(tenant, id),
    qrDataUrl: (text) => toDataURL(text, { width: qrWidth }),
    ...(publicUrl && { fileUrl: (message) => `${publicUrl.replace(/\/$/, '')}/media/${linkTo(tenant, id, message)}` }),
  });
}
