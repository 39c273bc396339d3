/**
 * What the rules of leases and placement come to in a fleet of hundreds of workers, in virtual time: the decisions are the
 * workers' own functions, Redis is a model of the same operations, each as dear as it is measured to be at the beginning.
 */
import { pace } from '@flotilla/lease';
import type { Bench, Table, Target } from '../bench.ts';
import { type CommandCosts, costsMeasuredOnce, type Operation, operations } from './commands.ts';
import { measureCommands } from './measure-commands.ts';
import { type FleetSize, type Outcome, scenarioNames, simulate } from './scenarios.ts';

const fullSize: FleetSize = { workers: 500, instances: 200_000, loginsPerSecond: 500 };
const shortSize: FleetSize = { workers: 20, instances: 2_000, loginsPerSecond: 100 };
const seed = 1;

/** What the guarantees promise for one worker (s), and what survivors of many claim in a second beyond that. */
const killedWithin = 8;
const cutOffWithin = 20;
const claimsPerSecond = 2_500;
/** For how long a planned move may leave an instance without a connection (s). */
const movedWithin = 3;

/** Simulates every scenario with one size of fleet. The same costs give the same outcomes. */
function simulateAll(size: FleetSize, costs: CommandCosts, log: (line: string) => void): Outcome[] {
  return scenarioNames.map((name) => {
    const outcome = simulate(name, size, { costs, seed });
    log(`${name}: ${outcome.seconds} s in which ${outcome.events} things happened`);
    return outcome;
  });
}

const tenths = (number: number | undefined) => (number === undefined ? 'not yet' : `${Math.round(number * 10) / 10} s`);
const percent = (number: number) => `${Math.round(number * 1_000) / 10} %`;

/** The tables of what was simulated. */
function outcomeTables(outcomes: readonly Outcome[]): Table[] {
  return [
    {
      title: 'What becomes of the instances',
      columns: [
        'scenario',
        'claims (peak a second)',
        'moves (fewest possible)',
        'all owned after',
        'all open after',
        'without connection: median, longest',
        'in balance after',
        'fullest, emptiest worker against the mean',
      ],
      rows: outcomes.map((outcome) => [
        outcome.scenario,
        `${outcome.claims} (${outcome.peakClaimsPerSecond})`,
        `${outcome.moves} (${outcome.leastMoves})`,
        tenths(outcome.ownedAfter),
        tenths(outcome.openAfter),
        `${tenths(outcome.closedFor.median)}, ${tenths(outcome.closedFor.longest)}`,
        tenths(outcome.balancedAfter),
        `${outcome.fullest.toFixed(2)}, ${outcome.emptiest.toFixed(2)}`,
      ]),
    },
    {
      title: 'What it asks of Redis',
      columns: [
        'scenario',
        'commands a second: mean',
        'peak',
        'one core: mean',
        'peak',
        'logins a second: peak',
        'most of its time goes into',
      ],
      rows: outcomes.map(({ scenario, redis, peakLoginsPerSecond, dearest }) => [
        scenario,
        Math.round(redis.meanCommands),
        Math.round(redis.peakCommands),
        percent(redis.meanCpu),
        percent(redis.peakCpu),
        peakLoginsPerSecond,
        dearest.map(({ operation, part }) => `${operations[operation]} (${Math.round(part * 100)} %)`).join('; '),
      ]),
    },
  ];
}

/** What was promised of a fleet of that size. */
function placementTargets(outcomes: readonly Outcome[], size: FleetSize): Target[] {
  const of = (name: string) => outcomes.find(({ scenario }) => scenario === name);
  const most = (values: readonly number[]) => Math.max(...values);
  const atMost = (name: string, value: number | undefined, limit: number, unit = ''): Target => ({
    name,
    value: value ?? Number.POSITIVE_INFINITY,
    relation: 'at most',
    limit,
    unit,
  });
  const lost = size.instances / 3 / claimsPerSecond;
  const [tenth, twice, steady] = [of('a tenth more workers'), of('twice the workers'), of('steady state')];
  const overLeast = (outcome: Outcome | undefined) => outcome && outcome.moves / outcome.leastMoves;
  return [
    atMost('instances with two owners', most(outcomes.map(({ twoOwners }) => twoOwners)), 0),
    atMost('leases that could not be renewed in time', most(outcomes.map(({ deadlinesMissed }) => deadlinesMissed)), 0),
    atMost('fullest worker against the mean, after any change', most(outcomes.map(({ fullest }) => fullest)), 1.1),
    atMost('moves for a tenth more workers, of the fewest possible', overLeast(tenth), 1.2),
    atMost('moves for twice the workers, of the fewest possible', overLeast(twice), 1.2),
    atMost(
      'longest time without a connection when workers are added',
      most([tenth, twice].map((outcome) => outcome?.closedFor.longest ?? Number.POSITIVE_INFINITY)),
      movedWithin,
      's',
    ),
    atMost('all owned after one worker was killed', of('one worker is killed')?.ownedAfter, killedWithin, 's'),
    atMost('all owned after one was cut off', of('the host of one is cut off')?.ownedAfter, cutOffWithin, 's'),
    atMost('all owned after a third was killed', of('a third is killed')?.ownedAfter, killedWithin + lost, 's'),
    atMost(
      'all owned after a third was cut off',
      of('hosts of a third are cut off')?.ownedAfter,
      cutOffWithin + lost,
      's',
    ),
    atMost(
      'Redis commands of an idle worker, in a minute',
      steady && (steady.redis.meanCommands * 60) / steady.workers,
      600,
    ),
  ];
}

export const placement: Bench = {
  name: 'placement',
  title: 'Leases and placement of 500 workers, simulated',
  about:
    'A simulation in virtual time, of 500 workers with 200,000 instances. What a worker decides is decided by the functions that ' +
    'workers call; Redis is a model of the same operations, one after the other, each as long as it takes a Redis of this ' +
    'machine, which is measured first. The same seed and costs give the same outcome. See [scaling](scaling.md).',
  async run({ size, log }) {
    const isFull = size === 'full';
    const fleet = isFull ? fullSize : shortSize;
    const costs = isFull ? await measureCommands() : costsMeasuredOnce;
    const outcomes = simulateAll(fleet, costs, log);
    const events = outcomes.reduce((sum, outcome) => sum + outcome.events, 0);
    return {
      tables: [
        ...outcomeTables(outcomes),
        {
          title: 'What each operation costs Redis',
          columns: ['operation', 'commands', 'processor time (µs)'],
          rows: Object.entries(operations).map(([operation, what]) => {
            const { commands, microseconds } = costs[operation as Operation];
            return [what, commands, microseconds];
          }),
        },
      ],
      targets: placementTargets(outcomes, fleet),
      notes: [
        `${fleet.workers} workers, ${fleet.instances} instances, ${fleet.loginsPerSecond} logins a second; one Redis, half a ` +
          `millisecond away. Leases last ${pace.leaseTtlMs / 1_000} s. ${events} things happened. What workers compute takes no time.`,
      ],
    };
  },
};
