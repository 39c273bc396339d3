import type { ProxyMode } from '@flotilla/fleet';
import type { Scenario, Step } from '../scenario.ts';
import type { Stage } from '../stage.ts';

/** How Redis is out of reach: it hangs with its connections open, or the network does one thing or another. */
type Absence = 'hangs' | Exclude<ProxyMode, 'pass'>;

/** Redis cannot be reached by anybody, for a moment or for longer than a lease. */
export const redisAway: Scenario = {
  name: 'redis-away',
  summary: 'Redis is out of reach for all: it hangs, refuses, swallows, answers late or hangs up',
  bounds: { 'recovery (s)': 30 },
  settleSeconds: 90,
  plan(random, { form, redis }) {
    const absences: readonly [Absence, ...Absence[]] =
      redis === 'single' ? ['hangs', 'refuse', 'blackhole', 'hold', 'cut'] : ['hangs'];
    const durations = form === 'short' ? [5, 16] : [5, 30, 120];
    return random.shuffled(durations).map((seconds): Step => {
      const absence = random.one(absences);
      return {
        after: random.between(2, 5),
        what: `Redis is away for ${seconds} s (${absence})`,
        perform: (stage) => takeAway(stage, absence, seconds),
      };
    });
  },
};

async function takeAway(stage: Stage, absence: Absence, seconds: number): Promise<void> {
  const { redis } = stage.fleet;
  const proxies = () =>
    (['worker', 'gateway', 'webhook-worker'] as const)
      .flatMap((kind) => stage.living(kind))
      .map((app) => stage.fleet.proxyOf(app));
  stage.interrupted();
  if (absence === 'hangs') redis.pause();
  else await Promise.all(proxies().map((proxy) => proxy.set(absence)));
  await stage.pause(seconds);
  if (absence === 'hangs') redis.resume();
  else await Promise.all(proxies().map((proxy) => proxy.set('pass')));
  const since = performance.now();
  await redis.settled();
  await stage.allOpen('recovery (s)', { since });
}
