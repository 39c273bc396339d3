import { eventually, type Fleet, type SimulatorClient, startFleet } from '@flotilla/fleet';
import { connectRedis } from '@flotilla/redis';
import { startPlainServer } from '../baselines/baselines.ts';
import { workerFlags } from '../measure/memory.ts';
import { processUsage } from '../measure/process-usage.ts';
import { redisUsage } from '../measure/redis-usage.ts';
import { type Inbound, type Pair, startNotingReceiver } from './inbound.ts';

/** Both servers at one simulator, each with a receiver of its own. */
export interface Subjects {
  ours: Inbound;
  plain: Inbound;
  close(): Promise<void>;
}

/** Each number has written to its contact before, as in any conversation: a first message carries more, and costs more. */
const greeting = 'Good morning! How can we help?';

/** Waits until all contacts were greeted. */
async function greeted(simulator: SimulatorClient, pairs: readonly Pair[]): Promise<void> {
  await eventually(
    async () => {
      const inboxes = await Promise.all(pairs.map(({ contact }) => simulator.inbox(contact)));
      return inboxes.every(({ entries }) => entries.length > 0);
    },
    { timeoutMs: 30_000, message: 'All contacts have been written to' },
  );
}

const cpuOf = async (pid: number) => (await processUsage(pid)).cpuMs;

/** One connection worker and one webhook worker, whose tenant has one webhook. */
async function openOurs(fleet: Fleet, instances: number): Promise<Inbound> {
  const { simulator } = fleet;
  const receiver = await startNotingReceiver();
  const tenant = await fleet.api.newTenant();
  const pairs: Pair[] = [];
  for (let n = 0; n < instances; n += 1) {
    const { id, linked } = await tenant.pairedInstance(simulator);
    const { phone: contact } = await simulator.createContact();
    await tenant.sendText(id, contact, greeting);
    pairs.push({ contact, phone: linked.phone });
  }
  await greeted(simulator, pairs);
  await tenant.createWebhook({ url: receiver.url, events: ['messages.upsert'] });
  const [worker] = fleet.workers;
  const [webhookWorker] = fleet.webhookWorkers;
  if (!worker || !webhookWorker) throw new Error('The fleet has no workers');
  const usage = async () => {
    const redis = connectRedis(fleet.redis.url, { name: 'bench', manner: 'prompt' });
    try {
      return {
        'connection worker': await cpuOf(worker.pid),
        'webhook worker': await cpuOf(webhookWorker.pid),
        Redis: (await redisUsage(redis)).cpuMs,
      };
    } finally {
      redis.disconnect();
    }
  };
  return { simulator, pairs, receiver, usage, pause: () => worker.pause(), resume: () => worker.resume() };
}

async function openPlain(simulator: SimulatorClient, instances: number) {
  const receiver = await startNotingReceiver();
  const server = await startPlainServer({ simulator, webhookUrl: receiver.url });
  const pairs: Pair[] = [];
  for (let n = 0; n < instances; n += 1) {
    const phone = await server.pair(`plain-${n}`);
    const { phone: contact } = await simulator.createContact();
    await server.send(`plain-${n}`, contact, greeting);
    pairs.push({ contact, phone });
  }
  await greeted(simulator, pairs);
  const inbound: Inbound = {
    simulator,
    pairs,
    receiver,
    usage: async () => ({ server: await cpuOf(server.child.pid) }),
    pause: () => server.child.pause(),
    resume: () => server.child.resume(),
  };
  return { inbound, server };
}

/** Starts both, and pairs the numbers. */
export async function startSubjects(instances: number): Promise<Subjects> {
  const fleet = await startFleet({ workers: 0, webhookWorkers: 0, receiver: false, env: { LOG_LEVEL: 'error' } });
  const opened: (() => Promise<unknown>)[] = [() => fleet.stop()];
  const close = async () => {
    for (const end of opened.reverse()) await end();
  };
  try {
    await fleet.addWorker({ NODE_OPTIONS: workerFlags });
    await fleet.addWebhookWorker({ NODE_ENV: 'production' });
    const ours = await openOurs(fleet, instances);
    opened.push(() => ours.receiver.child.kill());
    const { inbound: plain, server } = await openPlain(fleet.simulator, instances);
    opened.push(
      () => plain.receiver.child.kill(),
      () => server.stop(),
    );
    return { ours, plain, close };
  } catch (error) {
    await close();
    throw error;
  }
}
