import type { ConnectionTime, SimulatorCounters } from '@flotilla/fleet';
import { type FindingName, type Findings, findingNames } from './audit.ts';
import { settledAudit } from './evidence.ts';
import { type Breach, breaches, type Figures, promises } from './figures.ts';
import { Random } from './random.ts';
import type { Scenario, Scope } from './scenario.ts';
import type { Stage } from './stage.ts';
import { Traffic, type TrafficOptions, type TrafficReport } from './traffic.ts';

/** Findings of a kind that a report names; the figure counts them all. */
const namedFindings = 20;

/** How one scenario went. Everything that the table shows, and what is needed to play it again. */
export interface PerformanceReport {
  scenario: string;
  seed: number;
  scope: Scope;
  /** ISO 8601. */
  began: string;
  seconds: number;
  plan: { after: number; what: string }[];
  notes: { at: number; text: string }[];
  figures: Figures;
  bounds: Figures;
  breaches: Breach[];
  /** What was lost, doubled, …; at most {@link namedFindings} of each. */
  findings: Partial<Record<FindingName, string[]>>;
  refusals: Record<string, number>;
  /** No figure is larger than it may be. */
  kept: boolean;
}

export interface PerformanceOptions {
  seed: number;
  scope: Scope;
  traffic: Pick<TrafficOptions, 'sendsPerSecond' | 'inboundPerSecond'>;
}

/** What was found in earlier performances on the same stage, which this one is not to blame for. */
const foundBefore = new WeakMap<Stage, Set<string>>();

/** The plan of a scenario: the same for the same seed and scope. */
export const planOf = (scenario: Scenario, seed: number, scope: Scope) =>
  scenario.plan(new Random(seed, scenario.name), scope);

/** Plays a scenario under traffic, lets everything settle, and compares what was seen with what is promised. */
export async function perform(
  scenario: Scenario,
  stage: Stage,
  { seed, scope, traffic: rates }: PerformanceOptions,
): Promise<PerformanceReport> {
  const began = new Date();
  const beganMs = performance.now();
  const plan = planOf(scenario, seed, scope);
  stage.begin();
  const before = await stage.simulator.counters();
  const traffic = new Traffic(stage.fleet, stage.tenant, () => stage.conversations, {
    ...rates,
    prefix: `${scenario.name} ${began.getTime().toString(36)} `,
  });
  for (const { after, what, perform: act } of plan) {
    await stage.pause(after);
    stage.note(what);
    await act(stage).catch((error: unknown) => failed(stage, error));
  }
  await stage.pause(1);
  const report = await traffic.stop();
  await stage.allOpen().catch((error: unknown) => failed(stage, error));
  const findings = newFindings(stage, await settledAudit(stage, (scenario.settleSeconds ?? 60) * 1_000));
  const after = await stage.simulator.counters();
  const gap = longestGap(
    await stage.simulator.connections(began.getTime()),
    stage.conversations.map(({ linked }) => linked.phone),
    began.getTime(),
  );
  const { figures: measured, interruptions } = stage.measured;
  const figures: Figures = {
    ...trafficFigures(report),
    ...Object.fromEntries(findingNames.map((name) => [name, findings[name].length])),
    ...counterFigures(before, after),
    'gap (s)': gap,
    'steps failed': 0,
    ...measured,
  };
  // A number that was linked anew is a second pairing, whatever the log says of it.
  figures['re-pairings'] = (figures['re-pairings'] ?? 0) + after.links - before.links;
  const bounds: Figures = {
    ...promises,
    'second decryptions': interruptions * stage.conversations.length,
    ...scenario.bounds,
  };
  const broken = breaches(figures, bounds);
  return {
    scenario: scenario.name,
    seed,
    scope,
    began: began.toISOString(),
    seconds: (performance.now() - beganMs) / 1_000,
    plan: plan.map(({ after: pause, what }) => ({ after: pause, what })),
    notes: [...stage.notes],
    figures,
    bounds,
    breaches: broken,
    findings: Object.fromEntries(
      findingNames
        .filter((name) => findings[name].length > 0)
        .map((name) => [name, findings[name].slice(0, namedFindings)]),
    ),
    refusals: report.refusals,
    kept: broken.length === 0,
  };
}

function failed(stage: Stage, error: unknown): void {
  stage.count('steps failed');
  stage.note(`FAILED: ${error instanceof Error ? error.message : String(error)}`);
}

function newFindings(stage: Stage, findings: Findings): Findings {
  const known = foundBefore.get(stage) ?? new Set<string>();
  foundBefore.set(stage, known);
  return Object.fromEntries(
    findingNames.map((name) => {
      const fresh = findings[name].filter((what) => !known.has(`${name} ${what}`));
      for (const what of fresh) known.add(`${name} ${what}`);
      return [name, fresh];
    }),
  ) as Findings;
}

function trafficFigures(report: TrafficReport): Figures {
  return {
    accepted: report.accepted,
    inbound: report.inbound,
    'answered with 500': Object.entries(report.refusals)
      .filter(([reason]) => reason.startsWith('500 '))
      .reduce((sum, [, count]) => sum + count, 0),
    unanswered: report.unanswered,
    'offered per second': report.offered / report.seconds,
    'accepted per second': report.accepted / report.seconds,
    'requests refused': report.refused,
    'longest refusal (s)': report.longestRefusal,
  };
}

function counterFigures(before: SimulatorCounters, after: SimulatorCounters): Figures {
  const retries = ({ retryReceiptsFromClients, retryReceiptsToClients }: SimulatorCounters) =>
    retryReceiptsFromClients + retryReceiptsToClients;
  return {
    conflicts: after.conflicts - before.conflicts,
    overlaps: after.overlaps - before.overlaps,
    'undecryptable at first': after.undecryptable - before.undecryptable,
    'second decryptions': after.secondDecryptions - before.secondDecryptions,
    'retry receipts': retries(after) - retries(before),
  };
}

/**
 * The longest time that one of these numbers was not logged in between `since` and its last login, in seconds.
 * @param since Unix ms by the simulator's clock
 */
export function longestGap(times: readonly ConnectionTime[], phones: readonly string[], since: number): number {
  let longest = 0;
  for (const phone of phones) {
    const own = times.filter((time) => time.phone === phone).sort((a, b) => a.from - b.from);
    let connectedUntil = since;
    for (const { from, to = Number.POSITIVE_INFINITY } of own) {
      longest = Math.max(longest, from - connectedUntil);
      connectedUntil = Math.max(connectedUntil, to);
    }
  }
  return longest / 1_000;
}
