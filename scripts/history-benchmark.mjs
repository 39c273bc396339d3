/**
 * How long the event loop of a connection worker is held up while a number with a long history is paired: 5,000 messages
 * in 500 chats by default. The worker measures itself (`monitorEventLoopDelay` of `node:perf_hooks`, as its metric
 * `nodejs_eventloop_lag_p99_seconds`). Exits with 1 if 99 of 100 waits are not below 100 ms.
 *
 *   node scripts/history-benchmark.mjs [messages] [chats]
 */
import { setPriority } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { eventually, startFleet } from '../packages/fleet/src/index.ts';

const [messages = 5_000, chats = 500] = process.argv.slice(2).map(Number);
const longestMs = 100;

const fleet = await startFleet();
try {
  const [worker] = fleet.workers;
  try {
    setPriority(worker.pid, -15); // what else this machine is busy with shall not be measured
  } catch {
    console.log(
      'The worker shares the processor with everything else here: run this with nothing else to do, or as root',
    );
  }
  const lag = async (name) => {
    const text = await (await fetch(`${worker.url}/metrics`)).text();
    return Number(new RegExp(`^nodejs_eventloop_lag_${name}_seconds(?:{[^}]*})? (\\S+)$`, 'm').exec(text)?.[1]) * 1_000;
  };
  const tenant = await fleet.api.newTenant();
  const phone = '5511955550001';
  await fleet.simulator.call('PUT', `/accounts/${phone}/history`, { messages, chats });
  const { id } = await tenant.createInstance();
  await tenant.connect(id);
  const { qr } = await tenant.qr(id);
  await lag('p99'); // each reading begins a new measurement
  await setTimeout(10_000);
  const idle = await lag('p99');
  const began = performance.now();
  await fleet.simulator.scanQr(qr, { phone });
  let stored = 0;
  await eventually(
    async () => {
      const counted = await tenant.call('GET', `/v1/instances/${id}/messages?limit=1`);
      if (counted.items.length > 0) {
        const log = worker.logs().flatMap((line) => (line.includes('"history.stored"') ? [JSON.parse(line)] : []));
        stored = log.reduce((sum, { messages: part }) => sum + part, 0);
      }
      return stored >= messages;
    },
    { timeoutMs: 300_000, message: 'The whole history is stored' },
  );
  const seconds = (performance.now() - began) / 1_000;
  const p99 = await lag('p99');
  console.log(
    `${stored} messages of ${chats} chats in ${seconds.toFixed(1)} s; event loop p99 ${p99.toFixed(1)} ms (idle ${idle.toFixed(1)} ms)`,
  );
  if (!(p99 < longestMs)) process.exitCode = 1;
} finally {
  await fleet.stop();
}
