import { setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually, startFleet } from '@flotilla/fleet';
import type { Bench } from '../bench.ts';

interface History {
  /** From the scan of the QR code until everything is stored (s). */
  seconds: number;
  /** How long 99 of 100 waits for the event loop are at most (ms). */
  p99: number;
  /** The same with nothing to do. */
  idleP99: number;
}

const phone = '5511955550001';

/** The worker itself measures its waits (`monitorEventLoopDelay` of `node:perf_hooks`); each reading begins anew. */
async function eventLoopP99(metricsUrl: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  return Number(/^nodejs_eventloop_lag_p99_seconds(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1]) * 1_000;
}

async function measureHistory(messages: number, chats: number, idleMs: number): Promise<History> {
  const fleet = await startFleet();
  try {
    const [worker] = fleet.workers;
    if (!worker) throw new Error('There is no connection worker');
    const metricsUrl = `${worker.url}/metrics`;
    try {
      setPriority(worker.pid, -15); // what else this machine is busy with shall not be measured
    } catch {
      // Only root may: then it shares the processor with everything else here.
    }
    const tenant = await fleet.api.newTenant();
    await fleet.simulator.phones.setHistory(phone, { messages, chats });
    const { id } = await tenant.createInstance();
    await tenant.connect(id);
    const { qr } = await tenant.qr(id);
    await eventLoopP99(metricsUrl);
    await pause(idleMs);
    const idleP99 = await eventLoopP99(metricsUrl);
    const began = performance.now();
    await fleet.simulator.scanQr(qr, { phone });
    const stored = () =>
      worker
        .logs()
        .filter((line) => line.includes('"history.stored"'))
        .reduce((sum, line) => sum + (JSON.parse(line) as { messages: number }).messages, 0);
    await eventually(() => stored() >= messages, { timeoutMs: 300_000, message: 'The whole history is stored' });
    const seconds = (performance.now() - began) / 1_000;
    return { seconds, p99: await eventLoopP99(metricsUrl), idleP99 };
  } finally {
    await fleet.stop();
  }
}

export const history: Bench = {
  name: 'history',
  title: 'What a long history does to others',
  about:
    'A number with 5,000 messages in 500 chats is paired. Meanwhile a connection worker has others to serve: how long do they wait for its ' +
    'event loop?',
  async run({ size }) {
    const [messages, chats, idleMs] = size === 'full' ? [5_000, 500, 10_000] : [300, 30, 2_000];
    const { seconds, p99, idleP99 } = await measureHistory(messages, chats, idleMs);
    return {
      tables: [
        {
          title: 'Waits for the event loop',
          columns: ['', 'p99 (ms)'],
          rows: [
            ['with nothing to do', idleP99],
            [`while ${messages} messages of ${chats} chats are stored, in ${seconds.toFixed(1)} s`, p99],
          ],
        },
      ],
      targets: [{ name: 'p99 of waits for the event loop', value: p99, relation: 'at most', limit: 100, unit: 'ms' }],
      notes: [],
    };
  },
};
