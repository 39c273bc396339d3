import { eventually } from '@flotilla/fleet';
import { runLoad } from '../gateway/run-load.ts';
import { processUsage } from '../measure/process-usage.ts';
import { redisUsage } from '../measure/redis-usage.ts';
import type { Senders } from './senders.ts';

/** What messages cost that waited when their workers began. */
export interface Drained {
  /** Messages that WhatsApp has taken a second. */
  perSecond: number;
  /** Processor time of the gateway for each (ms), while nobody else worked. */
  gatewayMs: number;
  /** That of all workers (ms). */
  workerMs: number;
  /** That of Redis for accepting (ms), and for sending. */
  redisAcceptMs: number;
  redisMs: number;
  /** Commands of Redis for sending, those of scripts included. */
  commands: number;
}

/** A worker that stands still for longer than this may lose its lease (ms). */
const longestPauseMs = 7_000;
/** Receipts come a moment after the last acknowledgement (ms). */
const receiptsMs = 300;

/**
 * Has so many messages queued while the workers stand still, lets them go, and waits until all are sent.
 * @throws if the machine is so busy that queueing takes too long
 */
export async function drain({ fleet, redis, gateway, load }: Senders, count: number): Promise<Drained> {
  const usage = async () => {
    const [answering, ...working] = await Promise.all(
      [gateway, ...fleet.workers].map(async ({ pid }) => (await processUsage(pid)).cpuMs),
    );
    return {
      gateway: answering ?? 0,
      workers: working.reduce((sum, cpuMs) => sum + cpuMs, 0),
      redis: await redisUsage(redis),
      accepted: (await fleet.simulator.counters()).messagesAccepted,
    };
  };
  const start = await usage();
  for (const worker of fleet.workers) worker.pause();
  const paused = performance.now();
  try {
    await runLoad({ ...load, count, concurrency: 16 });
  } finally {
    for (const worker of fleet.workers) worker.resume();
  }
  const began = performance.now();
  if (began - paused > longestPauseMs) throw new Error('The machine is too busy: queueing took too long');
  const queued = await usage();
  await eventually(async () => (await fleet.simulator.counters()).messagesAccepted - start.accepted >= count, {
    timeoutMs: 60_000,
    intervalMs: 20,
    message: `${count} messages are sent`,
  });
  const wallMs = performance.now() - began;
  await new Promise((resolve) => setTimeout(resolve, receiptsMs));
  const end = await usage();
  return {
    perSecond: (count / wallMs) * 1_000,
    gatewayMs: (queued.gateway - start.gateway) / count,
    workerMs: (end.workers - queued.workers) / count,
    redisAcceptMs: (queued.redis.cpuMs - start.redis.cpuMs) / count,
    redisMs: (end.redis.cpuMs - queued.redis.cpuMs) / count,
    commands: (end.redis.commands - queued.redis.commands) / count,
  };
}

/** How many messages a second go from the POST to WhatsApp while everybody works on the same cores. */
export async function throughput({ fleet, load }: Senders, count: number): Promise<number> {
  const accepted = async () => (await fleet.simulator.counters()).messagesAccepted;
  const before = await accepted();
  const began = performance.now();
  await runLoad({ ...load, count, concurrency: 16 });
  await eventually(async () => (await accepted()) - before >= count, {
    timeoutMs: 60_000,
    intervalMs: 20,
    message: `${count} messages are sent`,
  });
  return (count / (performance.now() - began)) * 1_000;
}
