import { startFleet } from '@flotilla/fleet';
import { connectRedis } from '@flotilla/redis';
import type { Bench, BenchResult } from '../bench.ts';
import { workerFlags } from '../measure/memory.ts';
import { median } from '../measure/statistics.ts';
import { type HandoverTimes, measureHandover } from './handover.ts';
import { type PairingCost, pairBare, pairFleet, pairPlain, type SendCost } from './pairing.ts';
import { measureRestarts, type RestartCost, untilNobody } from './restart.ts';

interface LifecycleOptions {
  pairings: number;
  /** Texts of the plain server. */
  sends: number;
  restarts: { count: number; rounds: number };
  /** Instances that change their worker, and the settings of `LOGINS_PER_SECOND` with which they do. */
  handovers: { count: number; loginsPerSecond: number[] };
  log(line: string): void;
}

interface Lifecycle {
  pairing: { bare: PairingCost; plain: PairingCost; fleet: PairingCost };
  sending: SendCost;
  restarts: { worker: RestartCost[]; plain: RestartCost[] };
  handovers: HandoverTimes[];
}

/** `LOGINS_PER_SECOND` where its pacing is not to be what is measured. */
const unpaced = 500;
/** The default of `LOGINS_PER_SECOND`. */
const paced = 20;

/**
 * What a plain server does: texts a second, as was seen on Node 20 with two cores (Node 24 does more, as sockets no longer
 * make each other dearer there), and processor time for each instance that it opens from its files, on Node 24 with the
 * flags of our workers, its own start included (ms). One that does worse would flatter us.
 */
const known = { sendsPerSecond: 148, openMs: 36 };
/** How much worse it may do (part). */
const tolerance = 1 / 3;

/** Measures one after the other, beside the same simulator. */
export async function measureLifecycle(options: LifecycleOptions): Promise<Lifecycle> {
  const { pairings, sends, restarts, handovers, log } = options;
  const bed = await startFleet({ workers: 0, webhookWorkers: 0, receiver: false });
  const redis = connectRedis(bed.redis.url, { name: 'bench', manner: 'patient' });
  /** So that nobody opens instances of what was measured before. */
  const forget = async () => {
    await redis.flushall();
    await untilNobody(bed.simulator);
  };
  try {
    log('pairings of the baselines');
    const bare = await pairBare(bed.simulator, pairings);
    const { pairing: plain, sending } = await pairPlain(bed.simulator, pairings, sends);
    log('pairings of a fleet');
    const fleet = await pairFleet(bed, pairings, unpaced);
    await forget();
    const restarted = await measureRestarts(bed, { ...restarts, loginsPerSecond: unpaced, log });
    const times: HandoverTimes[] = [];
    for (const loginsPerSecond of handovers.loginsPerSecond) {
      await forget();
      log(`takeover and drain of ${handovers.count} with LOGINS_PER_SECOND=${loginsPerSecond}`);
      times.push(await measureHandover(bed, handovers.count, loginsPerSecond));
    }
    return { pairing: { bare, plain, fleet }, sending, restarts: restarted, handovers: times };
  } finally {
    redis.disconnect();
    await bed.stop();
  }
}

/** The worker's time in that of the plain server, round by round. */
export const ratiosOf = ({ worker, plain }: Lifecycle['restarts']): number[] =>
  worker.map(({ wallMs }, round) => wallMs / (plain[round]?.wallMs ?? Number.NaN));

/** Why the plain server's figures are not those of a plain server, if they are not. */
function doubt({ restarts, sending }: Lifecycle): string | undefined {
  const openMs = median(restarts.plain.map(({ cpuMs }) => cpuMs));
  if (openMs > known.openMs * (1 + tolerance))
    return `the plain server took ${openMs.toFixed(1)} ms of processor time to open an instance, and ${known.openMs} is what it is known to take`;
  if (sending.perSecond < known.sendsPerSecond * (1 - tolerance))
    return `the plain server sent ${Math.round(sending.perSecond)} texts a second, and ${known.sendsPerSecond} is what it is known to send`;
  return undefined;
}

const seconds = (ms: number) => ms / 1_000;

function resultOf(
  found: Lifecycle,
  { restarts: { count }, handovers }: LifecycleOptions,
  invalid?: string,
): BenchResult {
  const { pairing, sending, restarts } = found;
  const rounds = ratiosOf(restarts);
  const middle = (costs: RestartCost[], of: (cost: RestartCost) => number) => median(costs.map(of));
  const restartRow = (name: string, costs: RestartCost[]) => [
    name,
    seconds(middle(costs, ({ wallMs }) => wallMs)),
    middle(costs, ({ cpuMs }) => cpuMs),
    middle(costs, ({ simulatorCpuMs }) => simulatorCpuMs),
  ];
  const pairingRow = (name: string, { perSecond, cpuMs }: PairingCost) => [name, perSecond, cpuMs];
  return {
    tables: [
      {
        title: 'Pairings, eight at a time, until the number is open for the first time',
        columns: ['', 'a second', 'processor time of each (ms)'],
        rows: [
          pairingRow('bare Baileys', pairing.bare),
          pairingRow('plain server', pairing.plain),
          pairingRow('connection worker', pairing.fleet),
        ],
      },
      {
        title: `${count} stored instances after SIGKILL and a start in the same place`,
        columns: ['', 'all open after (s)', 'processor time of each (ms)', 'that of the simulator (ms)'],
        rows: [restartRow('plain server', restarts.plain), restartRow('connection worker', restarts.worker)],
      },
      {
        title: `${handovers.count} instances change their worker`,
        columns: [
          '`LOGINS_PER_SECOND`',
          'all open after SIGKILL (s)',
          'ended after SIGTERM (s)',
          'all open after SIGTERM (s)',
          'conflicts',
        ],
        rows: found.handovers.map((times) => [
          times.loginsPerSecond,
          seconds(times.takeoverMs),
          seconds(times.drainMs),
          seconds(times.drainedOpenMs),
          times.conflicts,
        ]),
      },
    ],
    targets: [
      {
        name: `time until ${count} stored instances are open, of the plain server's`,
        value: median(rounds),
        rounds,
        relation: 'at most',
        limit: 0.6,
        unit: '',
      },
      {
        name: 'conflicts of logins',
        value: found.handovers.reduce((sum, { conflicts }) => sum + conflicts, 0),
        relation: 'at most',
        limit: 0,
        unit: '',
      },
    ],
    notes: [
      `Node ${process.versions.node} with \`${workerFlags}\` for all. A fleet starts at most \`LOGINS_PER_SECOND\` logins a second, ${paced} by default, because WhatsApp answers a mass login with refusals: that alone makes 500 take 24 s, and 200 take 9 s. The plain server has no such limit, so the worker was given ${unpaced} where the two are compared; the table of changes of the worker shows both.`,
      `The simulator has to let everybody in, on the same cores: its processor time is a floor that both share. In the same run the plain server sent ${Math.round(sending.perSecond)} texts a second with ${sending.cpuMs.toFixed(1)} ms of processor time each. The figures are void if it does worse by more than a third than ${known.sendsPerSecond} texts a second, or than ${known.openMs} ms to open an instance.`,
    ],
    ...(invalid !== undefined && { invalid }),
  };
}

export const lifecycle: Bench = {
  name: 'lifecycle',
  title: 'Pairing, restart and change of the worker',
  about:
    'Pairings a second; how long it takes until all stored instances are open again when their process has died, beside a plain server ' +
    'that opens as many from its multi-file auth state; how long instances are away when their worker is killed, or ends in an orderly way.',
  async run({ size, log }) {
    const isFull = size === 'full';
    const options: LifecycleOptions = isFull
      ? {
          pairings: 40,
          sends: 600,
          restarts: { count: 500, rounds: 2 },
          handovers: { count: 200, loginsPerSecond: [paced, 200] },
          log,
        }
      : {
          pairings: 3,
          sends: 20,
          restarts: { count: 10, rounds: 1 },
          handovers: { count: 10, loginsPerSecond: [unpaced] },
          log,
        };
    const found = await measureLifecycle(options);
    return resultOf(found, options, isFull ? doubt(found) : undefined);
  },
};
