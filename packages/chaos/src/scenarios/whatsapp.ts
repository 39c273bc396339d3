import { busiestSecond } from '../logins.ts';
import type { Random } from '../random.ts';
import type { Scenario, Step } from '../scenario.ts';
import type { Stage } from '../stage.ts';

/** `LOGINS_PER_SECOND` of the fleet; after a quiet time as many again may start at once. */
const loginsPerSecond = 20;

/** WhatsApp itself: cuts everybody off, refuses, is slow, falls silent, asks for restarts. */
export const whatsapp: Scenario = {
  name: 'whatsapp',
  summary: 'WhatsApp cuts everybody off, refuses logins for a while, is slow, falls silent, asks for restarts',
  // A wait before the next login is a minute at most.
  bounds: { 'recovery (s)': 75, 'logins in a second': 2 * loginsPerSecond, 'silence noticed (s)': 40 },
  settleSeconds: 90,
  plan(random, { form }) {
    const rounds = form === 'short' ? 1 : 4;
    return Array.from({ length: rounds }, () =>
      random.shuffled([
        cutOff(random),
        unavailable(random, form === 'short' ? 15 : 180),
        slow(random, form === 'short' ? 8 : 60),
        silent(random),
        restarts(random),
        closes(random),
      ]),
    ).flat();
  },
};

/** Makes something happen to everybody's connections, and sees how they log in again. */
async function watched(stage: Stage, fault: () => Promise<unknown>): Promise<void> {
  const since = Date.now();
  await fault();
  await stage.allOpen('recovery (s)');
  const attempts = await stage.simulator.logins(since);
  stage.measure('logins in a second', busiestSecond(attempts.map(({ at }) => at)));
  stage.note(`${attempts.length} logins, ${attempts.filter(({ refused }) => refused).length} of them refused`);
}

const after = (random: Random) => random.between(2, 4);

const cutOff = (random: Random): Step => ({
  after: after(random),
  what: 'all connections are cut',
  perform: (stage) => watched(stage, () => stage.simulator.fault('drop', {})),
});

const unavailable = (random: Random, seconds: number): Step => ({
  after: after(random),
  what: `all connections are cut, and logins are refused with 503 for ${seconds} s`,
  perform: (stage) =>
    watched(stage, async () => {
      await stage.simulator.fault('reject-logins', { reason: 503, ms: seconds * 1_000 });
      await stage.simulator.fault('drop', {});
      await stage.pause(seconds);
    }),
});

const slow = (random: Random, seconds: number): Step => {
  const ms = Math.round(random.between(500, 3_000));
  return {
    after: after(random),
    what: `everything that WhatsApp says comes ${ms} ms later, for ${seconds} s`,
    async perform(stage) {
      await stage.simulator.fault('delay', { ms });
      await stage.pause(seconds);
      await stage.simulator.fault('delay', { ms: 0 });
      await stage.allOpen('recovery (s)');
    },
  };
};

/** Noticed by the missing answers to pings, within 40 s. */
const silent = (random: Random): Step => ({
  after: after(random),
  what: 'WhatsApp neither reads nor answers on any connection that is open',
  async perform(stage) {
    const since = performance.now();
    const at = Date.now();
    await stage.simulator.fault('freeze', { ms: 120_000 });
    const phones = new Set(stage.conversations.map(({ linked }) => linked.phone));
    while (phones.size > 0) {
      await stage.pause(0.5);
      for (const { phone } of await stage.simulator.logins(at)) phones.delete(phone);
      if (performance.now() - since > 90_000) throw new Error(`${phones.size} have not noticed within 90 s`);
    }
    stage.measure('silence noticed (s)', (performance.now() - since) / 1_000);
    await stage.allOpen('recovery (s)');
  },
});

const restarts = (random: Random): Step => ({
  after: after(random),
  what: 'WhatsApp asks everybody for a restart (515)',
  perform: (stage) => watched(stage, () => stage.simulator.fault('stream-error', { code: 515 })),
});

const closes = (random: Random): Step => ({
  after: after(random),
  what: 'WhatsApp ends all connections with 503, and once more after the next login',
  perform: (stage) =>
    watched(stage, async () => {
      await stage.simulator.fault('stream-error', { code: 503 });
      await stage.pause(2);
      await stage.simulator.fault('stream-error', { code: 503 });
    }),
});
