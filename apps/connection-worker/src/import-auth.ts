import { type ControlJob, type InstanceStatus, instanceKeys } from '@flotilla/contracts';
import {
  claimDevice,
  deviceRelease,
  importTtlMs,
  type RequestState,
  readRequest,
  recordFields,
  requestStep,
  type StoredInstance,
  stagedFields,
} from '@flotilla/instance';
import type { RedisCommand } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import type { WorkerFaultPoints } from './fault-points.ts';
import type { InstanceStore } from './instance-store.ts';

export interface ImportContext {
  redis: Redis;
  store: InstanceStore;
  faults: WorkerFaultPoints;
  /** The record as its owner knows it now. */
  instance(): Pick<StoredInstance, 'id' | 'tenant' | 'paired'>;
  /** Whether credentials that a phone has signed are stored, whatever the record says. */
  hasAccount(): Promise<boolean>;
  /** Ends a pairing that is under way, so that no phone links this instance meanwhile, and stores what came of it. */
  endPairing(): Promise<void>;
}

type ImportJob = Extract<ControlJob, { name: 'import' }>;

/**
 * Makes a staged auth folder the auth state of an instance that nobody has paired. Everything that can be seen changes
 * in one fenced script: auth state, record, event, and the answer that the gateway waits for. So a crash leaves the
 * import undone, to be done by whoever owns the instance next, or done. Repeating a job changes nothing.
 * @returns whether the instance is paired now by this
 * @throws when Redis fails or the instance was lost: the job is to be repeated
 */
export async function importAuth(context: ImportContext, job: ImportJob): Promise<boolean> {
  const { redis, store, faults } = context;
  const { id, tenant } = context.instance();
  const { requestId, device } = job;
  const staging = instanceKeys.importStaging(id, requestId);
  const record = instanceKeys.record(id);
  const answer = (state: RequestState) => {
    const key = instanceKeys.request(id, requestId);
    return [
      { command: 'hset', key, args: requestStep(state) },
      { command: 'pexpire', key, args: [importTtlMs] },
    ];
  };
  const outcome = async () => (await readRequest(redis, id, requestId))?.status;

  const known = await outcome();
  if (known === 'done' || known === 'failed') return known === 'done';
  const giveUp = async (...also: RedisCommand[]) => {
    const release = await deviceRelease(redis, device, id);
    await store.write([{ command: 'hdel', key: record, args: ['device'] }, ...also]);
    await release();
  };
  if ((await stagedFields(redis, { instance: id, requestId })) === 0) {
    // The gateway has given up, and said so. A worker that died may have claimed the device already.
    if (!context.instance().paired && (await redis.hget(record, 'device')) === device) await giveUp();
    return false;
  }
  if (!context.instance().paired) await context.endPairing();
  if (context.instance().paired || (await context.hasAccount())) {
    const error = { code: 'ALREADY_PAIRED' as const, details: [] };
    await store.write([{ command: 'del', key: staging, args: [] }, ...answer({ status: 'failed', error })]);
    return false;
  }

  // The record first: only what it names can be claimed by nobody else.
  await store.write([{ command: 'hset', key: record, args: ['device', device] }]);
  const holder = await claimDevice(redis, { device, instance: id, requestId });
  if (holder) {
    // Which of another tenant's instances it is, is none of this one's business.
    const named = holder.tenant === tenant ? `instance ${holder.instance}` : 'another instance';
    const error = { code: 'DEVICE_IN_USE' as const, details: [named] };
    await giveUp({ command: 'del', key: staging, args: [] }, ...answer({ status: 'failed', error }));
    return false;
  }

  faults.reach('crash-before-import');
  const now = Date.now();
  const status: InstanceStatus = { state: 'closed', reason: 'stopped', since: now };
  const changes = [
    { command: 'hset', key: record, args: recordFields({ paired: true, status }) },
    ...answer({ status: 'done', result: null }),
  ];
  await store.write(
    [
      { command: 'persist', key: staging, args: [] },
      { command: 'rename', key: instanceKeys.authState(id), args: [] },
      // And the event behind them.
      { command: 'when', key: record, args: [changes.length + 1] },
      ...changes,
    ],
    [{ event: { type: 'connection.update', occurredAt: now, data: { state: 'closed', reason: 'stopped' } } }],
  );
  faults.reach('crash-after-import');
  if ((await outcome()) === 'done') return true;
  // It expired, or the gateway took it back, at the last moment.
  await giveUp();
  return false;
}
