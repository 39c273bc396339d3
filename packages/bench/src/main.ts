/**
 * `pnpm bench:webhooks`: what a delivery costs in processor time, as a ratio of two baselines. `--fairness`: whether
 * healthy endpoints feel others that are dead, slow or flooding. Exits with 1 if it is not as it should be.
 */
import { parseArgs } from 'node:util';
import { benchDeliveries, type Cost } from './deliveries.ts';
import { type Lags, measureFairness } from './fairness.ts';

const { values } = parseArgs({
  options: {
    fairness: { type: 'boolean', default: false },
    count: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    concurrency: { type: 'string', default: '50' },
    profile: { type: 'string' },
  },
});

/** At most so much of the processor time of bare requests, and of bare jobs. */
const aims = { toUndici: 1.7, toBullmq: 1 };

/** The p99 of healthy endpoints beside a dead, a slow and a flooding one stays below so many times that of them alone. */
const fairnessAim = 2;

if (values.fairness) await fairness();
else await deliveries();

async function fairness() {
  const found = await measureFairness({
    healthy: 200,
    flood: 50_000,
    floodInstances: 50,
    seconds: 15,
    kills: 3,
    workers: 2,
  });
  const show = (name: string, { events, p50, p99 }: Lags) =>
    console.log(
      `${name.padEnd(44)}${String(events).padStart(8)}${p50.toFixed(0).padStart(10)}${p99.toFixed(0).padStart(10)}`,
    );
  console.log(
    `${'200 healthy endpoints'.padEnd(44)}${'events'.padStart(8)}${'p50 (ms)'.padStart(10)}${'p99 (ms)'.padStart(10)}`,
  );
  show('alone', found.alone);
  show('beside a dead, a slow and a flooding one', found.together);
  show('and with workers killed at random', found.killed);
  console.log(
    `p99 beside the others: ${found.ratio} of that alone (aim < ${fairnessAim}); lost ${found.lost}, out of order ${found.disorders.length}, repeated ${found.repeated}`,
  );
  console.log(JSON.stringify(found));
  if (found.ratio >= fairnessAim || found.lost > 0 || found.disorders.length > 0) process.exitCode = 1;
}

async function deliveries() {
  const bench = await benchDeliveries({
    count: Number(values.count),
    rounds: Number(values.rounds),
    concurrency: Number(values.concurrency),
    profileDir: values.profile,
  });
  const row = (name: string, { cpuUs, redisCpuUs, perSecond }: Cost) =>
    `${name.padEnd(28)}${cpuUs.toFixed(0).padStart(10)}${redisCpuUs.toFixed(0).padStart(12)}${perSecond.toFixed(0).padStart(12)}`;
  console.log(
    `${'each delivery'.padEnd(28)}${'CPU (µs)'.padStart(10)}${'Redis (µs)'.padStart(12)}${'per second'.padStart(12)}`,
  );
  console.log(row('bare undici, signed', bench.undici));
  console.log(row('bare BullMQ job', bench.bullmq));
  console.log(row('Flotilla', bench.flotilla));
  console.log(
    `CPU of Flotilla: ${bench.ratios.toUndici} of bare undici (aim ${aims.toUndici}), ${bench.ratios.toBullmq} of bare BullMQ (aim < ${aims.toBullmq})`,
  );
  console.log(JSON.stringify(bench));
  if (bench.ratios.toUndici > aims.toUndici || bench.ratios.toBullmq >= aims.toBullmq) process.exitCode = 1;
}
