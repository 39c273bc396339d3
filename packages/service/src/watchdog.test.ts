import { Registry } from 'prom-client';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { createWatchdog } from './watchdog.ts';

/** A watchdog that looks every 10 ms, with what it has said. */
function setUp({ everyMs = 10 } = {}) {
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const lines: Record<string, unknown>[] = [];
  const ended: string[] = [];
  const metrics = new Registry();
  const note = (fields: object, msg: string) => void lines.push({ msg, ...fields });
  const watchdog = createWatchdog({
    log: { error: note, info: note } as unknown as Parameters<typeof createWatchdog>[0]['log'],
    metrics,
    signal: end.signal,
    onVitalStall: (loop) => ended.push(loop),
    everyMs,
  });
  const value = async (name: string, loop: string) => {
    const { values } = (await metrics.getSingleMetric(name)?.get()) ?? { values: [] };
    return values.find(({ labels }) => labels.loop === loop)?.value;
  };
  return { watchdog, end, lines, ended, value };
}

/** Waits until something is so. */
async function until(is: () => boolean | Promise<boolean>, timeoutMs = 5_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await is())) {
    if (performance.now() > deadline) throw new Error('It did not become so');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

let beating: NodeJS.Timeout | undefined;
afterEach(() => clearInterval(beating));

describe('a watchdog', () => {
  it('names a loop that stands still, once, and says when it goes on', async () => {
    const { watchdog, lines, ended, value } = setUp();
    const run = watchdog.loop('sweep', { boundSeconds: 0.6 }).begin();
    await until(() => lines.length > 0);
    expect(lines).toEqual([{ msg: 'loop.stalled', loop: 'sweep', seconds: 1, boundSeconds: 0.6, vital: false }]);
    expect(await value('flotilla_loop_stalls_total', 'sweep')).toBe(1);
    expect(await value('flotilla_loop_idle_seconds', 'sweep')).toBeGreaterThan(0.4);
    run.progress();
    await until(() => lines.length > 1);
    expect(lines[1]).toEqual({ msg: 'loop.recovered', loop: 'sweep' });
    expect(ended).toEqual([]);
  });

  it('ends the process for a vital loop, once', async () => {
    const { watchdog, ended } = setUp();
    watchdog.loop('renewal', { boundSeconds: 0.1, vital: true }).begin();
    watchdog.loop('sweep', { boundSeconds: 0.1, vital: true }).begin();
    await until(() => ended.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(ended).toEqual(['renewal']);
  });

  it('says nothing of loops that get on, are over or have not begun', async () => {
    const { watchdog, lines, value } = setUp();
    const beats = watchdog.loop('beats', { boundSeconds: 0.6 }).begin();
    beating = setInterval(() => beats.progress(), 20);
    const over = watchdog.loop('over', { boundSeconds: 0.6 });
    over.begin().end();
    await over.during(async () => 'done');
    watchdog.loop('never begun', { boundSeconds: 0.6 });
    const witness = watchdog.loop('witness', { boundSeconds: 0.6 }).begin();
    await until(() => lines.length > 0);
    expect(lines.map(({ loop }) => loop)).toEqual(['witness']);
    witness.end();
    expect(await value('flotilla_loop_idle_seconds', 'over')).toBe(0);
    // Known at zero from the beginning, so that a rate sees the first one.
    expect(await value('flotilla_loop_stalls_total', 'never begun')).toBe(0);
  });

  it('finds the one that hangs among many that get on', async () => {
    const { watchdog, lines } = setUp();
    const lanes = watchdog.loop('lanes', { boundSeconds: 0.6 });
    const busy = Array.from({ length: 50 }, () => lanes.begin());
    beating = setInterval(() => {
      for (const run of busy) run.progress();
    }, 20);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(lines).toEqual([]);
    lanes.begin();
    await until(() => lines.length > 0);
    expect(lines).toMatchObject([{ loop: 'lanes' }]);
  });

  it('blames no loop for time in which the process did not run', async () => {
    const { watchdog, lines, value } = setUp();
    const run = watchdog.loop('sweep', { boundSeconds: 1 }).begin();
    const until2s = performance.now() + 2_000;
    while (performance.now() < until2s);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lines).toEqual([]);
    expect(await value('flotilla_loop_idle_seconds', 'sweep')).toBeLessThan(1);
    run.end();
  });

  it('watches nothing any more while the process closes', async () => {
    const { watchdog, end, lines } = setUp();
    watchdog.loop('sweep', { boundSeconds: 0.1 }).begin();
    end.abort();
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(lines).toEqual([]);
  });

  it('takes each name once', () => {
    const { watchdog } = setUp();
    watchdog.loop('sweep', { boundSeconds: 1 });
    expect(() => watchdog.loop('sweep', { boundSeconds: 1 })).toThrow(RangeError);
  });
});
