import { claimPatienceMs, handoverPeers, pace, planShares, suspectsToExamine } from '@flotilla/lease';
import type { FleetModel } from './fleet-model.ts';
import { type Process, sleep, together } from './virtual-time.ts';
import type { WorkerModel } from './worker-model.ts';

/** A port that refuses, or answers (ms), and one that says nothing. */
const answerMs = 1;
const silentProbeMs = 1_000;

/**
 * What a worker does to find dead ones and new owners of what they held, in virtual time: what it decides is decided by the
 * functions that workers call, what it asks of Redis, and in which order, follows `createReaper` and `createTakeover`.
 */
export function* watchOthers(fleet: FleetModel, worker: WorkerModel): Process {
  const { time, redis, options } = fleet;
  const settling = new Set<string>();
  yield* sleep(time, options.random() * pace.scanEveryMs);
  for (;;) {
    const startedAt = time.now;
    const { workers, silent } = yield* redis.call('silent-workers', () => redis.silentWorkers(pace.suspectAfterMs));
    const others = silent.filter((incarnation) => incarnation !== worker.incarnation);
    if (others.length > 0) yield* redis.call('tell-fleet', () => {}); // as dear: how many are listed
    const queue = suspectsToExamine(others, workers, options.random);
    const examineNext = function* (): Process {
      for (let next = queue.shift(); next !== undefined; next = queue.shift())
        yield* examine(fleet, worker, next, settling);
    };
    const side = Array.from({ length: Math.min(pace.probesAtATime, queue.length) }, examineNext);
    if (side.length > 0) yield* together(time, side, worker.isOver);
    yield { until: Math.max(time.now, startedAt + pace.scanEveryMs) };
  }
}

function* examine(fleet: FleetModel, worker: WorkerModel, suspect: string, settling: Set<string>): Process {
  const { time, redis, workers } = fleet;
  const isOpen = yield* redis.call('read-lease', () => {
    const { exp, dead } = redis.lease(suspect);
    return exp > time.now && !dead;
  });
  let proof = false;
  if (isOpen) {
    const other = workers.get(suspect);
    const answers = other?.isRunning || other?.hostAnswers;
    yield* sleep(time, answers ? answerMs : silentProbeMs);
    proof = other !== undefined && !other.isRunning && other.hostAnswers;
  }
  if (!worker.mayWork) return;
  if (!(yield* redis.call('declare-dead', () => redis.declareDead(suspect, proof)))) return;
  if (settling.has(suspect)) return;
  const mayBegin = (ms: number) =>
    redis.call('begin-takeover', () => redis.beginTakeover(suspect, worker.incarnation, ms));
  if (!(yield* mayBegin(pace.reaperAloneMs))) return;
  const held = yield* redis.call('held-by', () => [...(redis.held.get(suspect) ?? [])]);
  yield* handOut(fleet, worker, suspect, held);
  settling.add(suspect);
  const settle = function* (): Process {
    for (let left = held, isFirst = true; ; isFirst = false) {
      const askedAt = time.now;
      const still = yield* ownerless(fleet, suspect, left);
      if (still.length === 0) break;
      if (!isFirst && still.length === left.length) {
        yield* askEverybody(fleet, worker, still);
        break;
      }
      left = still;
      const ms = claimPatienceMs(time.now - askedAt);
      yield* mayBegin(ms + pace.reaperAloneMs);
      yield* sleep(time, ms);
    }
    yield* redis.call('forget-worker', () => redis.listed.delete(suspect));
    settling.delete(suspect);
  };
  time.start(settle(), worker.isOver);
}

/** To each of the others its share. */
function* handOut(fleet: FleetModel, worker: WorkerModel, dead: string, held: readonly number[]): Process {
  const { time, redis, workers, options } = fleet;
  const waiting = yield* ownerless(fleet, dead, held);
  const peers = (yield* fleet.peers(handoverPeers)).filter(({ incarnation }) => incarnation !== dead);
  const recipients = planShares(waiting.length, peers, options.random);
  const shares = Map.groupBy(waiting, (_, index) => recipients[index]);
  const give = function* (recipient: string, share: readonly number[]): Process {
    yield* redis.call('hand-out', () => {
      for (const instance of share) workers.get(recipient)?.wake(instance);
    });
  };
  const gifts = [...shares].map(([recipient, share]) =>
    recipient === undefined ? askEverybody(fleet, worker, share) : give(recipient, share),
  );
  yield* together(time, gifts, worker.isOver);
}

function* askEverybody(fleet: FleetModel, worker: WorkerModel, instances: readonly number[]): Process {
  yield* together(
    fleet.time,
    instances.map((instance) => fleet.requestOwner(instance)),
    worker.isOver,
  );
}

function ownerless({ redis }: FleetModel, dead: string, instances: readonly number[]): Process<number[]> {
  const isFree = (instance: number) => redis.owners[instance] === '' || redis.owners[instance] === dead;
  return redis.call('read-owners', () => instances.filter(isFree), instances.length);
}
