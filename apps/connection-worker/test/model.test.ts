import { createMetrics, createWatchdog } from '@flotilla/service';
import { redisTest } from '@flotilla/testkit';
import fc from 'fast-check';
import { describe, expect, vi } from 'vitest';
import { declareLoops } from '../src/loops.ts';
import { createWorkerMetrics } from '../src/worker-metrics.ts';
import { type Break, breaks } from './model/breaks.ts';
import type { Surroundings } from './model/process.ts';
import { WhatsApp } from './model/whatsapp.ts';
import { World } from './model/world.ts';

// Lease, lane and outbox together: connection workers as they are shipped, on a real Redis, of which each command and each
// message to WhatsApp happens only when a step lets it. So a run is one interleaving of what several processes do, down
// to the single command, with crashes, freezes and lost answers in between. Afterwards everything goes on without faults
// until it comes to rest, and what the recipients, the event logs and the feed hold is compared with what was promised.
//
// MODEL_SECONDS sets how long it tries, MODEL_RUNS how often; MODEL_SEED repeats a failed one.

const runs = Number(process.env.MODEL_RUNS ?? 0);
const seed = process.env.MODEL_SEED === undefined ? undefined : Number(process.env.MODEL_SEED);
/** How long the runs may take together unless their number is given (ms), and those that look for one missing guard. */
const budgetMs = Number(process.env.MODEL_SECONDS ?? 8) * 1_000;
const budgetOfBreakMs = 90_000;
/** More than fit into that time. */
const mostRuns = Math.max(500, budgetMs / 20);
/** How long a failure is made smaller (ms). */
const shrinkMs = 10_000;

const workers = 3;
const instances = 2;
const worker = fc.nat({ max: workers - 1 });
const instance = fc.nat({ max: instances - 1 });

const step = fc.oneof(
  {
    weight: 24,
    arbitrary: fc.record({
      does: fc.constant('pass' as const),
      worker,
      count: fc.integer({ min: 1, max: 30 }),
      network: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('take' as const), worker, instance }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('accept' as const), instance }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('repeat' as const), instance, which: fc.nat({ max: 9 }) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('deliver' as const), instance }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('crash' as const), worker, proof: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('run out' as const), worker }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('deadline' as const), worker }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('renew' as const), worker }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('fail' as const), worker, executed: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('give away' as const), worker, instance }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('disconnect' as const), instance }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('wait' as const) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('relay' as const), instance, dies: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function take(world: World, move: Step): Promise<void> {
  const id = 'instance' in move ? (world.instances[move.instance] ?? '') : '';
  const process = 'worker' in move ? world.processes[move.worker % world.processes.length] : undefined;
  switch (move.does) {
    case 'accept':
      return world.accept(id);
    case 'repeat':
      return world.accept(id, move.which);
    case 'deliver':
      return world.deliver(id);
    case 'disconnect':
      return world.disconnect(id);
    case 'relay':
      return world.relay(id, move.dies);
    case 'wait':
      return world.advance(20_000);
  }
  if (!process || process.isDead) return;
  switch (move.does) {
    case 'pass':
      for (let n = 0; n < move.count && process.gate.waiting > 0; n += 1) await process.gate.pass(move.network);
      return;
    case 'fail':
      return process.gate.fail(move.executed);
    case 'take':
      return world.take(process, id);
    case 'give away':
      return world.giveAway(process, id);
    case 'crash':
      return world.crash(process, move.proof);
    case 'run out':
      return world.runOut(process);
    case 'deadline':
      return process.deadline();
    case 'renew':
      void process.renew();
      return;
  }
}

const history = fc.array(step, { minLength: 20, maxLength: 120, size: 'max' });

const registry = createMetrics('connection-worker');
const metrics = createWorkerMetrics(registry);
const loops = declareLoops(
  createWatchdog({
    log: { error: () => {}, info: () => {} },
    metrics: registry,
    signal: AbortSignal.abort(),
    onVitalStall: () => {},
  }),
);

/** One run: the steps, then rest, then the audit. */
async function play(redis: Surroundings['redis'], url: string, moves: readonly Step[], broken?: Break): Promise<void> {
  const around = {
    url,
    redis,
    whatsapp: new WhatsApp(),
    metrics,
    loops,
    broken,
    violations: [],
    nudged: new Set<string>(),
  };
  const world = new World(around, (ms) => void vi.advanceTimersByTime(ms));
  // What the code waits for by timers passes when a step says so.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    await world.begin(instances, workers);
    for (const move of moves) {
      await take(world, move);
      await world.check();
    }
    await world.settle();
    expect(await world.audit()).toEqual([]);
  } finally {
    world.end();
    vi.useRealTimers();
  }
}

/** Runs until the time is over, and says nothing against the rest. A failure has some time to be made smaller. */
const within = (ms: number, run: (moves: readonly Step[]) => Promise<void>) => {
  let deadline = performance.now() + ms;
  let hasFailed = false;
  return fc.asyncProperty(history, async (moves) => {
    if (performance.now() > deadline) return;
    try {
      await run(moves);
    } catch (error) {
      if (!hasFailed) deadline = performance.now() + shrinkMs;
      hasFailed = true;
      throw error;
    }
  });
};

describe('lease, lane and outbox', () => {
  redisTest(
    'lose nothing, double nothing and swap nothing in any interleaving',
    { timeout: 3_600_000 },
    async ({ redis, url }) => {
      await fc.assert(
        within(runs > 0 ? Number.POSITIVE_INFINITY : budgetMs, (moves) => play(redis, url, moves)),
        { seed, numRuns: runs > 0 ? runs : mostRuns },
      );
    },
  );

  redisTest.for(breaks)('with %s, that is found', { timeout: 120_000 }, async (broken, { redis, url }) => {
    const found = await fc.check(
      within(budgetOfBreakMs, (moves) => play(redis, url, moves, broken)),
      { numRuns: mostRuns, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  });
});
