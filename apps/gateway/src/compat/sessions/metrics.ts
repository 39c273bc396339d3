import type { StoredMessage } from '@flotilla/contracts';
import { type Counts, readCounts } from '@flotilla/history';
import type { StoredInstance } from '@flotilla/instance';
import Type, { type Static } from 'typebox';
import { findInstance } from '../../instance-view.ts';
import type { Parts } from '../../parts.ts';
import { tenantOf } from '../../plugins/access.ts';
import type { DialectRoutes } from '../dialect.ts';
import { allInstances, nameOf } from '../named-instance.ts';
import { directionOf, directions, newestMessages } from './messages.ts';
import { iso, SessionParams, type SessionStatus, sessionStatus, sessionStatuses } from './shapes.ts';

const tags = ['Metrics'];
const dayMs = 86_400_000;
/** How many of the newest messages are shown. */
const latestShown = 10;
/** More failures within a day are counted as so many. */
const mostFailed = 1_000;

const count = Type.Integer();
const last24h = Type.Object({ total: count, failed: count });
const LatestMessage = Type.Object({
  direction: Type.Enum([...directions]),
  status: Type.Enum(['sent', 'received', 'failed', 'pending']),
  text: Type.String(),
  messageTimestamp: Type.String({ format: 'date-time' }),
});
type LatestMessage = Static<typeof LatestMessage>;

const GlobalMetrics = Type.Object({
  generatedAt: Type.String({ format: 'date-time' }),
  sessions: Type.Object({
    total: count,
    byStatus: Type.Record(Type.String(), count, { description: 'Statuses without any are left out' }),
    active: Type.Integer({ description: 'Those that are `connected`' }),
    waiting: Type.Integer({ description: 'Those that are `waiting-qr` or `waiting-code`' }),
  }),
  messages: Type.Object({
    total: count,
    incoming: count,
    outgoing: count,
    failed: count,
    last24h,
    latest: Type.Array(Type.Object({ sessionId: Type.String(), ...LatestMessage.properties })),
  }),
});

const SessionMetrics = Type.Object({
  sessionId: Type.String(),
  status: Type.Enum([...sessionStatuses]),
  totals: Type.Object({ messages: count, failed: count }),
  directions: Type.Object({ incoming: count, outgoing: count }),
  statuses: Type.Object({ sent: count, received: count, failed: count }),
  last24h,
  latestMessages: Type.Array(LatestMessage),
});

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** What an instance has counted since it was created. */
function totalsOf({ in: received, out, statuses, hours }: Counts) {
  return {
    incoming: sum(Object.values(received)),
    outgoing: sum(Object.values(out)),
    failed: statuses.failed ?? 0,
    last24h: sum(hours.map((hour) => hour.in + hour.out)),
  };
}

/** How many messages of the last 24 hours have failed. */
async function failedOfDay(parts: Pick<Parts, 'redis'>, instance: string, counts: Counts, now: number) {
  if (!counts.statuses.failed) return 0;
  const filter = { direction: 'out', status: 'failed', after: now - dayMs, limit: mostFailed } as const;
  return (await newestMessages(parts, instance, filter)).length;
}

function wordOf({ fromMe, status }: StoredMessage): LatestMessage['status'] {
  if (!fromMe) return 'received';
  if (status === 'failed') return 'failed';
  return status === 'queued' || status === 'sending' ? 'pending' : 'sent';
}

const toLatest = (message: StoredMessage): LatestMessage => ({
  direction: directionOf(message),
  status: wordOf(message),
  text: message.text ?? '',
  messageTimestamp: iso(message.timestamp),
});

/** The newest messages of all: they are among those of the instances where something has happened last. */
async function latestOf(parts: Pick<Parts, 'redis'>, all: readonly { instance: StoredInstance; counts: Counts }[]) {
  const lastAt = ({ counts }: { counts: Counts }) => Math.max(counts.lastIn ?? 0, counts.lastOut ?? 0);
  const busiest = [...all].sort((a, b) => lastAt(b) - lastAt(a)).slice(0, latestShown);
  const found = await Promise.all(
    busiest.map(async ({ instance }) =>
      (await newestMessages(parts, instance.id, { limit: latestShown })).map((message) => ({ instance, message })),
    ),
  );
  return found
    .flat()
    .sort((a, b) => b.message.timestamp - a.message.timestamp)
    .slice(0, latestShown)
    .map(({ instance, message }) => ({ sessionId: nameOf(instance), ...toLatest(message) }));
}

/** `/api/metrics`. */
export const metricsRoutes: DialectRoutes = async (app, parts) => {
  const { redis } = parts;

  app.get(
    '/api/metrics',
    {
      config: { access: 'instances:read' },
      schema: { tags, summary: 'Count sessions and messages', response: { 200: GlobalMetrics } },
    },
    async (request) => {
      const now = Date.now();
      const instances = await allInstances(parts, tenantOf(request));
      const ids = instances.map(({ id }) => id);
      const counts = await readCounts(redis, ids, now);
      const all = instances.flatMap((instance, n) => (counts[n] ? [{ instance, counts: counts[n] }] : []));
      const totals = all.map((each) => totalsOf(each.counts));
      const failed = await Promise.all(all.map((each) => failedOfDay(parts, each.instance.id, each.counts, now)));
      const byStatus: Partial<Record<SessionStatus, number>> = {};
      for (const instance of instances) {
        const status = sessionStatus(instance);
        byStatus[status] = (byStatus[status] ?? 0) + 1;
      }
      const incoming = sum(totals.map((each) => each.incoming));
      const outgoing = sum(totals.map((each) => each.outgoing));
      return {
        generatedAt: iso(now),
        sessions: {
          total: instances.length,
          byStatus,
          active: byStatus.connected ?? 0,
          waiting: (byStatus['waiting-qr'] ?? 0) + (byStatus['waiting-code'] ?? 0),
        },
        messages: {
          total: incoming + outgoing,
          incoming,
          outgoing,
          failed: sum(totals.map((each) => each.failed)),
          last24h: { total: sum(totals.map((each) => each.last24h)), failed: sum(failed) },
          latest: await latestOf(parts, all),
        },
      };
    },
  );

  app.get(
    '/api/metrics/sessions/:sessionId',
    {
      config: { access: 'instances:read' },
      schema: {
        tags,
        summary: 'Count the messages of a session',
        params: SessionParams,
        response: { 200: SessionMetrics },
      },
    },
    async (request) => {
      const now = Date.now();
      const instance = await findInstance(parts, request, request.params.sessionId);
      const [counts] = await readCounts(redis, [instance.id], now);
      if (!counts) throw new Error('There are no counts');
      const { incoming, outgoing, failed, last24h: total } = totalsOf(counts);
      const latest = await newestMessages(parts, instance.id, { limit: latestShown });
      return {
        sessionId: nameOf(instance),
        status: sessionStatus(instance),
        totals: { messages: incoming + outgoing, failed },
        directions: { incoming, outgoing },
        statuses: { sent: outgoing - failed, received: incoming, failed },
        last24h: { total, failed: await failedOfDay(parts, instance.id, counts, now) },
        latestMessages: latest.map(toLatest),
      };
    },
  );
};
