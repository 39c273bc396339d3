import type { FormatContext } from '@flotilla/format';
import type { createInstances } from '@flotilla/instance';
import { toDataURL } from 'qrcode';

/** How long an instance is not read again (ms): the time in which deliveries see another alias. */
const maxAgeMs = 3_000;
/** Instances that are remembered, also when their record is gone: their last events are still under way. */
const kept = 10_000;

/** Wide enough for a phone's camera (pixels). */
const qrWidth = 400;

/**
 * Reads what formats may know of instances, each at most once in three seconds.
 * @param instances reads records, also of instances that their tenant has deleted
 * @returns a function that gives the context; of an instance that is gone, or another tenant's, it has the id only
 */
export function createFormatContexts(instances: Pick<ReturnType<typeof createInstances>, 'read'>) {
  const cached = new Map<string, { readAt: number; tenant: string; instance: FormatContext['instance'] }>();

  const read = async (tenant: string, id: string): Promise<FormatContext['instance']> => {
    const known = cached.get(id);
    const now = performance.now();
    if (known?.tenant === tenant && now - known.readAt < maxAgeMs) return known.instance;
    const record = await instances.read(id);
    // What was known of a deleted instance is its name for ever.
    if (!record) return known?.tenant === tenant ? known.instance : { id, name: '' };
    if (record.tenant !== tenant) return { id, name: '' };
    const { alias, name, metadata, status } = record;
    const { phone, pushName, jid } = status;
    const instance = { id, alias, name, metadata, phone, pushName, jid };
    cached.delete(id);
    cached.set(id, { readAt: now, tenant, instance });
    const oldest = cached.keys().next();
    if (cached.size > kept && !oldest.done) cached.delete(oldest.value);
    return instance;
  };

  return async (tenant: string, id: string): Promise<FormatContext> => ({
    instance: await read(tenant, id),
    qrDataUrl: (text) => toDataURL(text, { width: qrWidth }),
  });
}
