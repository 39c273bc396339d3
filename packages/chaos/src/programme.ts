import { type AppEnv, type AppName, type Fleet, type FleetOptions, startFleet } from '@flotilla/fleet';
import { type PerformanceReport, perform } from './performance.ts';
import { Random } from './random.ts';
import type { Scenario, Scope } from './scenario.ts';
import { Stage } from './stage.ts';
import type { TrafficOptions } from './traffic.ts';

export interface ProgrammeOptions {
  scenarios: readonly Scenario[];
  scope: Scope;
  seed: number;
  /** Go on for so long, but play each once at least. Default: each once. */
  minutes?: number;
  traffic: Pick<TrafficOptions, 'sendsPerSecond' | 'inboundPerSecond'>;
  /** Called with what happens, as it happens. */
  log?: (text: string) => void;
  /** Called with each line that an app writes. */
  appLog?: (app: AppName, line: string) => void;
  /** Called with each report, as soon as there is one. */
  report?: (report: PerformanceReport) => void;
  /** Ends it after the scenario that is being played. */
  signal?: AbortSignal;
}

/** What each fleet of the instrument is: two of everything that there can be two of, and a Redis that keeps its data. */
const company = { gateways: 2, webhookWorkers: 2, appendonly: true } as const satisfies FleetOptions;

/** Deliveries that fail are tried again for a minute: an absence of Redis must not make dead letters. */
const patientEnv: AppEnv = { WEBHOOK_RETRY_SCHEDULE: '200ms,500ms,1s,2s,5s,10s,20s,20s' };

/** Starts the fleet that a scenario is played on. */
export function startCompany(
  { needs }: Pick<Scenario, 'needs'>,
  { redis, workers }: Scope,
  options: FleetOptions = {},
) {
  return startFleet({
    ...company,
    workers,
    redis: redis === 'single' ? redis : { kind: redis, replicas: 1 },
    redisProxies: redis === 'single',
    ...options,
    env: { ...patientEnv, ...needs?.env, ...options.env },
  });
}

/** The scenarios of a programme with the seed of each, in order, for ever. */
export function* billOf({ scenarios, seed }: Pick<ProgrammeOptions, 'scenarios' | 'seed'>) {
  for (let round = 0; ; round += 1) {
    // The first round has the very seed, so that any scenario can be played again by it alone.
    const seedOfRound = round === 0 ? seed : new Random(seed, `round ${round}`).seed();
    for (const scenario of scenarios) yield { scenario, seed: seedOfRound, round };
  }
}

/** Plays one scenario after the other, on one fleet as far as they agree about it. */
export async function runProgramme(options: ProgrammeOptions): Promise<PerformanceReport[]> {
  const { scope, minutes = 0, traffic, log, appLog, report, signal } = options;
  const reports: PerformanceReport[] = [];
  const deadline = performance.now() + minutes * 60_000;
  let theatre: Theatre | undefined;
  try {
    for (const { scenario, seed, round } of billOf(options)) {
      if (signal?.aborted || (round > 0 && performance.now() > deadline)) break;
      if (theatre && theatre.needs !== JSON.stringify(scenario.needs?.env)) {
        await theatre.close();
        theatre = undefined;
      }
      theatre ??= await openTheatre(scenario, scope, log, appLog);
      await theatre.restore(scope.workers);
      log?.(`── ${scenario.name}, seed ${seed}`);
      const played = await perform(scenario, theatre.stage, { seed, scope, traffic });
      reports.push(played);
      report?.(played);
      // Whatever broke might break the next one too, which has nothing to do with it.
      if (!played.kept) {
        await theatre.close();
        theatre = undefined;
      }
    }
  } finally {
    await theatre?.close();
  }
  return reports;
}

/** A fleet with its stage. */
interface Theatre {
  needs: string | undefined;
  stage: Stage;
  /** Brings it back to so many workers, and to gateways and webhook workers that all run. */
  restore(workers: number): Promise<void>;
  close(): Promise<void>;
}

async function openTheatre(
  scenario: Scenario,
  scope: Scope,
  log: ProgrammeOptions['log'],
  appLog: ProgrammeOptions['appLog'],
): Promise<Theatre> {
  log?.(`starting ${scope.workers} workers and ${scope.instances} instances`);
  const fleet = await startCompany(scenario, scope, { log: appLog });
  const stopFleet = () => fleet.stop().catch((error: unknown) => log?.(`the fleet did not stop well: ${error}`));
  const stage = await Stage.open(fleet, { instances: scope.instances, log }).catch(async (error: unknown) => {
    await stopFleet();
    throw error;
  });
  return {
    needs: JSON.stringify(scenario.needs?.env),
    stage,
    restore: (workers) => restore(fleet, stage, workers),
    async close() {
      await stage.close();
      await stopFleet();
    },
  };
}

async function restore(fleet: Fleet, stage: Stage, workers: number): Promise<void> {
  for (const app of [...fleet.gateways, ...fleet.webhookWorkers]) if (!app.isRunning) await app.restart();
  while (stage.living('worker').length < workers) await stage.add('worker');
  for (const surplus of stage.living('worker').slice(workers)) await surplus.stop();
  await stage.allOpen();
}
