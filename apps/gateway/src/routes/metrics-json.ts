import { InstanceMetrics, TenantMetrics, type Traffic } from '@flotilla/contracts';
import { type Counts, readCounts, readStored, sumCounts } from '@flotilla/history';
import type { StoredInstance } from '@flotilla/instance';
import { findInstance, InstanceParams, statusOf } from '../instance-view.ts';
import type { Parts, Routes } from '../parts.ts';
import { tenantOf } from '../plugins/access.ts';

const total = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Counts as the API shows them. */
function toTraffic({ in: received, out, statuses, hours, lastIn, lastOut }: Counts): Traffic {
  return {
    in: { total: total(received), kinds: received },
    out: { total: total(out), kinds: out },
    statuses,
    last24Hours: {
      in: hours.reduce((sum, hour) => sum + hour.in, 0),
      out: hours.reduce((sum, hour) => sum + hour.out, 0),
      hours,
    },
    latest: { ...(lastIn === undefined ? {} : { in: lastIn }), ...(lastOut === undefined ? {} : { out: lastOut }) },
  };
}

/** Instances of a tenant, so many at a time. */
async function* instancesOf({ instances }: Pick<Parts, 'instances'>, tenant: string): AsyncGenerator<StoredInstance[]> {
  let page = await instances.list(tenant, { limit: 200 });
  yield page.items;
  while (page.next) {
    page = await instances.list(tenant, { limit: 200, cursor: page.next });
    yield page.items;
  }
}

/** `/v1/metrics` and `/v1/instances/{instance}/metrics`: what a tenant counts. `/metrics` is for monitoring. */
export const metricsRoutes: Routes = async (app, parts) => {
  const { redis } = parts;

  app.get(
    '/v1/metrics',
    {
      config: { access: 'instances:read' },
      schema: {
        operationId: 'getMetrics',
        tags: ['Instances'],
        summary: "Count a tenant's instances and messages",
        description: 'Of the instances that there are now, each since it was created.',
        response: { 200: TenantMetrics },
      },
    },
    async (request) => {
      const now = Date.now();
      const states: Record<string, number> = {};
      let number = 0;
      let counts = sumCounts([], now);
      for await (const page of instancesOf(parts, tenantOf(request))) {
        const ids = page.map(({ id }) => id);
        for (const instance of page) {
          const { state } = statusOf(instance);
          states[state] = (states[state] ?? 0) + 1;
        }
        number += page.length;
        counts = sumCounts([counts, ...(await readCounts(redis, ids, now))], now);
      }
      return { instances: { total: number, states }, messages: toTraffic(counts) };
    },
  );

  app.get(
    '/v1/instances/:instance/metrics',
    {
      config: { access: 'instances:read', errors: ['INSTANCE_NOT_FOUND'] },
      schema: {
        operationId: 'getInstanceMetrics',
        tags: ['Instances'],
        summary: 'Count the messages of an instance',
        description: 'Since it was created; what the phone tells of earlier times is not counted.',
        params: InstanceParams,
        response: { 200: InstanceMetrics },
      },
    },
    async (request) => {
      const instance = await findInstance(parts, request, request.params.instance);
      const now = Date.now();
      const [counts, stored] = await Promise.all([
        readCounts(redis, [instance.id], now),
        readStored(redis, instance.id),
      ]);
      return {
        instance: instance.id,
        state: statusOf(instance).state,
        stored,
        messages: toTraffic(sumCounts(counts, now)),
      };
    },
  );
};
