import type { Scenario, Step } from '../scenario.ts';

/** Redis is killed and started again: what it had accepted is in its append-only file. */
export const redisKill: Scenario = {
  name: 'redis-kill',
  summary: 'SIGKILL of all Redis servers, then they start again with what is on disk',
  bounds: { 'recovery (s)': 15 },
  plan: (random, { form }) =>
    Array.from({ length: form === 'short' ? 2 : 6 }, (): Step => {
      const seconds = random.between(0.2, 6);
      return {
        after: random.between(2, 5),
        what: `kill Redis, start it after ${seconds} s`,
        async perform(stage) {
          stage.interrupted();
          await stage.fleet.redis.kill();
          await stage.pause(seconds);
          await stage.fleet.redis.restart();
          const since = performance.now();
          await stage.fleet.redis.settled();
          await stage.allOpen('recovery (s)', { since });
        },
      };
    }),
};
