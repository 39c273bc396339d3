import type { FailoverCause } from '@flotilla/fleet';
import type { Scenario, Step } from '../scenario.ts';
import type { Stage } from '../stage.ts';

/** A master goes and its replica takes its place. */
export const redisFailover: Scenario = {
  name: 'redis-failover',
  summary: 'A Redis master is killed, freezes or hands over, and its replica follows',
  redis: ['cluster', 'sentinel'],
  bounds: { 'recovery (s)': 30 },
  settleSeconds: 90,
  plan(random, { form }) {
    const causes: FailoverCause[] = form === 'short' ? ['kill', 'planned'] : ['kill', 'planned', 'pause', 'kill'];
    return random.shuffled(causes).map(
      (cause): Step => ({
        after: random.between(2, 5),
        what: `failover of a master (${cause})`,
        perform: (stage) => failOver(stage, cause),
      }),
    );
  },
};

async function failOver(stage: Stage, cause: FailoverCause): Promise<void> {
  const { redis } = stage.fleet;
  stage.interrupted();
  const { from, seconds } = await redis.failover({ cause });
  stage.note(`the replica is master after ${seconds.toFixed(1)} s`);
  const since = performance.now();
  await stage.allOpen('recovery (s)', { since });
  if (cause === 'kill') await from.restart();
  if (cause === 'pause') from.resume();
  await redis.settled();
  const { CROSSSLOT = 0 } = await redis.refusals();
  if (CROSSSLOT > 0) throw new Error(`${CROSSSLOT} commands were refused with CROSSSLOT`);
}
