import { median } from '../measure/statistics.ts';
import type { CommandCosts, Operation } from './commands.ts';
import { FleetModel } from './fleet-model.ts';
import { seeded } from './virtual-time.ts';
import type { WorkerModel } from './worker-model.ts';

/** Size of the fleet that is simulated. */
export interface FleetSize {
  workers: number;
  instances: number;
  /** Logins that the whole fleet starts per second. */
  loginsPerSecond: number;
}

/** What came of one scenario. */
export interface Outcome {
  scenario: string;
  /** Workers at its end that stay. */
  workers: number;
  claims: number;
  peakClaimsPerSecond: number;
  /** Instances that were given away, and the fewest with which the same could have been reached. */
  moves: number;
  leastMoves: number;
  /** Seconds until every instance had an owner again; undefined if none was without one at a look. */
  ownedAfter: number | undefined;
  /** Seconds until the fleet was in balance, and its fullest and emptiest worker against the mean at the end. */
  balancedAfter: number | undefined;
  fullest: number;
  emptiest: number;
  /** Seconds until every socket was open again. */
  openAfter: number | undefined;
  /** For how long sockets were closed that were not open all the time: the median, and the longest (s). */
  closedFor: { median: number; longest: number };
  peakLoginsPerSecond: number;
  redis: { meanCommands: number; peakCommands: number; meanCpu: number; peakCpu: number };
  /** Most called operations, by processor time of Redis, as parts of all. */
  dearest: { operation: Operation; part: number }[];
  twoOwners: number;
  /** How often a worker could not renew its lease in time. */
  deadlinesMissed: number;
  /** Virtual seconds, and what happened in them. */
  seconds: number;
  events: number;
}

interface Scenario {
  name: string;
  /** Longest time that is simulated (s). */
  seconds: number;
  /** Whether it begins with everything in its place. */
  isSettled: boolean;
  /** Lets happen what the scenario is about. @returns the least number of moves with which it could be done */
  begin(fleet: FleetModel, size: FleetSize): number;
  /** Whether something of it is still to come, though all is open and in balance. */
  goesOn?(fleet: FleetModel): boolean;
}

/** Room that each worker has, beyond its share. */
const roominess = 2.5;
/** Quiet time before something happens (ms), and how long a fleet must have been in balance until a scenario is over. */
const quietMs = 5_000;
const restMs = 10_000;
/** A fleet is in balance while its fullest and its emptiest worker are within these, against the mean. */
const balanced = { fullest: 1.1, emptiest: 0.8 };
/** To Redis and back within a data centre (ms). */
const roundTripMs = 0.5;

const isWhole = ({ open, reopening }: FleetModel, { instances }: FleetSize) => open + reopening.size === instances;

function isBalanced(fleet: FleetModel): boolean {
  const { fullest, emptiest } = fleet.spread;
  return fullest <= balanced.fullest && emptiest >= balanced.emptiest;
}

/** Has so many new workers join, within some seconds. */
function addWorkers(fleet: FleetModel, count: number, withinMs: number): void {
  for (let n = 0; n < count; n++) {
    const worker = fleet.worker();
    fleet.time.after(fleet.options.random() * withinMs, () => worker.join());
  }
}

/** What new workers have to get at least for an even fleet. */
const shareOf = (workers: number, { instances }: FleetSize, all: number) => Math.floor((instances * workers) / all);

const part = (count: number, share: number) => Math.max(1, Math.round(count * share));

function killSome(fleet: FleetModel, count: number, hostsAnswer: boolean): number {
  for (const worker of fleet.running.slice(0, count)) worker.kill(hostsAnswer);
  return 0;
}

function grow(fleet: FleetModel, size: FleetSize, share: number): number {
  const more = part(size.workers, share);
  addWorkers(fleet, more, 5_000);
  return shareOf(more, size, size.workers + more);
}

/** Replaces workers, so many side by side: each new one is there before the old one goes. */
function replaceAll(fleet: FleetModel, { workers, instances }: FleetSize): number {
  const old = fleet.running;
  const sideBySide = part(workers, 0.01);
  const replaceNext = () => {
    const leaving: WorkerModel | undefined = old.shift();
    if (leaving === undefined) return;
    fleet.worker().join();
    // Until it has started, its readiness is asked, and the old one is told.
    fleet.time.after(5_000, () => leaving.drain(replaceNext));
  };
  for (let n = 0; n < sideBySide; n++) fleet.time.after(n * 200, replaceNext);
  return instances;
}

const scenarios: readonly Scenario[] = [
  {
    name: 'cold start',
    seconds: 900,
    isSettled: false,
    begin(fleet, { workers, instances }) {
      for (let instance = 0; instance < instances; instance++) fleet.enqueue(instance, 0);
      addWorkers(fleet, workers, 10_000);
      return 0;
    },
  },
  {
    name: 'steady state',
    seconds: 60,
    isSettled: true,
    begin: () => 0,
    goesOn: () => true,
  },
  {
    name: 'a tenth more workers',
    seconds: 300,
    isSettled: true,
    begin: (fleet, size) => grow(fleet, size, 0.1),
  },
  {
    name: 'twice the workers',
    seconds: 600,
    isSettled: true,
    begin: (fleet, size) => grow(fleet, size, 1),
  },
  {
    name: 'a tenth of the workers drains',
    seconds: 300,
    isSettled: true,
    begin(fleet, size) {
      const leaving = fleet.running.slice(0, part(size.workers, 0.1));
      const moves = leaving.reduce((sum, { holdings }) => sum + holdings.size, 0);
      for (const worker of leaving) worker.drain();
      return moves;
    },
  },
  {
    name: 'one worker is killed',
    seconds: 120,
    isSettled: true,
    begin: (fleet) => killSome(fleet, 1, true),
  },
  {
    name: 'the host of one is cut off',
    seconds: 120,
    isSettled: true,
    begin: (fleet) => killSome(fleet, 1, false),
  },
  {
    name: 'a third is killed',
    seconds: 600,
    isSettled: true,
    begin: (fleet, { workers }) => killSome(fleet, part(workers, 1 / 3), true),
  },
  {
    name: 'hosts of a third are cut off',
    seconds: 600,
    isSettled: true,
    begin: (fleet, { workers }) => killSome(fleet, part(workers, 1 / 3), false),
  },
  {
    name: 'rolling update',
    seconds: 1_800,
    isSettled: true,
    begin: replaceAll,
    goesOn: ({ workers }) =>
      [...workers.keys()].slice(0, workers.size / 2).some((name) => workers.get(name)?.isRunning),
  },
];

/** Names of all scenarios, in their order. */
export const scenarioNames = scenarios.map(({ name }) => name);

/** Simulates one scenario. The same seed and costs give the same outcome. */
export function simulate(
  name: string,
  size: FleetSize,
  { costs, seed }: { costs: CommandCosts; seed: number },
): Outcome {
  const scenario = scenarios.find((known) => known.name === name);
  if (scenario === undefined) throw new RangeError(`There is no scenario ${name}`);
  const capacity = Math.ceil((size.instances / size.workers) * roominess);
  const fleet = new FleetModel({ ...size, capacity, costs, roundTripMs, random: seeded(seed) });
  const { time, redis } = fleet;
  if (scenario.isSettled) fleet.settle();
  time.runUntil(quietMs);
  redis.resetCounts();
  const leastMoves = scenario.begin(fleet, size);
  let ownedAt: number | undefined;
  let openAt: number | undefined;
  let balancedAt: number | undefined;
  const end = quietMs + scenario.seconds * 1_000;
  for (let at = quietMs; at < end; ) {
    at += 100;
    time.runUntil(at);
    checkOwners(fleet, at);
    ownedAt = fleet.owned + fleet.moving.size === size.instances ? (ownedAt ?? at) : undefined;
    openAt = isWhole(fleet, size) ? (openAt ?? at) : undefined;
    if (at % 1_000 !== 0) continue;
    balancedAt = isBalanced(fleet) ? (balancedAt ?? at) : undefined;
    const isOver = openAt !== undefined && balancedAt !== undefined && at - Math.max(openAt, balancedAt) >= restMs;
    if (isOver && !scenario.goesOn?.(fleet)) break;
  }
  const since = (at: number | undefined) => (at === undefined ? undefined : (at - quietMs) / 1_000);
  return {
    scenario: name,
    workers: fleet.staying.length,
    claims: sum(fleet.claims),
    peakClaimsPerSecond: most(fleet.claims),
    moves: fleet.moves,
    leastMoves,
    ownedAfter: since(ownedAt),
    balancedAfter: since(balancedAt),
    ...fleet.spread,
    openAfter: since(openAt),
    closedFor: { median: median(fleet.closedFor) / 1_000, longest: most(fleet.closedFor) / 1_000 },
    peakLoginsPerSecond: most(fleet.logins),
    redis: redisLoad(fleet),
    dearest: dearest(fleet, costs),
    twoOwners: fleet.twoOwners,
    deadlinesMissed: fleet.deadlinesMissed,
    seconds: (time.now - quietMs) / 1_000,
    events: time.events,
  };
}

/** Now and then, that what workers believe is what Redis says; at each claim, it is asked whether anybody else believes it. */
function checkOwners(fleet: FleetModel, at: number): void {
  if (at % 5_000 !== 0) return;
  const seen = new Set<number>();
  for (const worker of fleet.running) {
    if (!worker.mayWork) continue;
    for (const instance of worker.holdings.keys()) {
      if (seen.has(instance) || fleet.redis.owners[instance] !== worker.incarnation) fleet.twoOwners += 1;
      seen.add(instance);
    }
  }
}

const sum = (numbers: readonly (number | undefined)[]) => numbers.reduce<number>((all, n) => all + (n ?? 0), 0);
const most = (numbers: readonly (number | undefined)[]) =>
  numbers.reduce<number>((greatest, n) => Math.max(greatest, n ?? 0), 0);

function redisLoad({ redis, time }: FleetModel): Outcome['redis'] {
  const first = Math.floor(quietMs / 1_000);
  const seconds = Math.max(1, Math.floor(time.now / 1_000) - first);
  const counted = redis.seconds.slice(first, first + seconds);
  const commands = counted.map((second) => second?.commands ?? 0);
  const busy = counted.map((second) => (second?.busyMs ?? 0) / 1_000);
  return {
    meanCommands: sum(commands) / seconds,
    peakCommands: most(commands),
    meanCpu: sum(busy) / seconds,
    peakCpu: Math.min(1, most(busy)),
  };
}

function dearest({ redis }: FleetModel, costs: CommandCosts): Outcome['dearest'] {
  const times = [...redis.calls].map(([operation, calls]) => ({
    operation,
    part: calls * costs[operation].microseconds,
  }));
  const all = sum(times.map(({ part: time }) => time));
  return times
    .map(({ operation, part: time }) => ({ operation, part: time / Math.max(1, all) }))
    .sort((a, b) => b.part - a.part)
    .slice(0, 3);
}
