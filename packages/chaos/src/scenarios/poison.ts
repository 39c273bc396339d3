import { steppingClock } from '@flotilla/fleet';
import type { Random } from '../random.ts';
import type { Scenario, Step } from '../scenario.ts';
import type { AppKind, Stage } from '../stage.ts';

const hourMs = 3_600_000;
/** What a process whose clock was set has to live through (s). */
const aftermathSeconds = 8;

/** What harms whoever meets it, and must harm nobody else: floods, giants, clocks that are set, one address for two. */
export const poison: Scenario = {
  name: 'poison',
  summary: 'Floods nobody can read, giant messages, clocks set by an hour, two workers with one address',
  bounds: {},
  plan(random, { form }) {
    const clocks = random
      .shuffled<AppKind>(['worker', 'gateway', 'webhook-worker'])
      .map((kind) => clockStep(kind, random));
    const others = [floodStep(random), giantStep(random), addressStep(random)];
    const steps = random.shuffled([...clocks, ...others]);
    return form === 'short' ? steps : [...steps, floodStep(random), clockStep('worker', random)];
  },
};

/** A stranger to all contacts, who writes to one of the numbers. */
async function stranger(stage: Stage, fraction: number) {
  const { phone } = await stage.simulator.createContact();
  const { conversations } = stage;
  const chosen = conversations[Math.floor(fraction * conversations.length)];
  if (!chosen) throw new Error('There is no number to write to');
  return { phone, to: chosen.linked.phone };
}

function floodStep(random: Random): Step {
  const [fraction, count] = [random.between(0, 1), Math.round(random.between(100, 400))];
  return {
    after: random.between(1, 3),
    what: `${count} messages that nobody can read to number ${fraction}`,
    async perform(stage) {
      const { phone, to } = await stranger(stage, fraction);
      await stage.simulator.call('POST', `/contacts/${phone}/send-unreadable`, { to, count });
    },
  };
}

function giantStep(random: Random): Step {
  const [fraction, characters] = [random.between(0, 1), Math.round(random.between(200_000, 1_000_000))];
  return {
    after: random.between(1, 3),
    what: `a message of ${characters} characters to number ${fraction}`,
    async perform(stage) {
      const { phone, to } = await stranger(stage, fraction);
      await stage.simulator.contactSend(phone, to, 'x'.repeat(characters));
    },
  };
}

/** A process is replaced by one whose wall clock is set an hour forwards or backwards while it works. */
function clockStep(kind: AppKind, random: Random): Step {
  const [fraction, ms] = [random.between(0, 1), random.one([hourMs, -hourMs])];
  return {
    after: random.between(1, 3),
    what: `set the clock under a ${kind} by ${ms / hourMs} h, in place of ${kind} ${fraction}`,
    async perform(stage) {
      const before = stage.pick(kind, fraction);
      const app = await stage.add(kind, steppingClock(ms));
      await before.stop();
      await stage.allOpen('recovery (s)');
      process.kill(app.pid, 'SIGWINCH');
      await stage.pause(aftermathSeconds);
      await stage.allOpen('recovery (s)');
    },
  };
}

/** A worker listens elsewhere and tells the others the address of another one; then one of the two is killed. */
function addressStep(random: Random): Step {
  const [fraction, killsFirst] = [random.between(0, 1), random.next() < 0.5];
  return {
    after: random.between(1, 3),
    what: `another worker with the address of worker ${fraction}, then kill ${killsFirst ? 'the first' : 'the second'}`,
    async perform(stage) {
      const first = stage.pick('worker', fraction);
      const second = await stage.add('worker', { HOST: '127.0.0.2', PORT: first.port, ADVERTISED_HOST: '127.0.0.1' });
      await stage.pause(aftermathSeconds);
      if (!first.isRunning || !second.isRunning) throw new Error('One of them has taken the other for dead');
      stage.interrupted();
      if (killsFirst) {
        await stage.add('worker');
        await first.kill();
        await stage.pause(aftermathSeconds);
        // Nobody can ask it what it holds: its port is not where it says.
        await second.stop();
      } else await second.kill();
      await stage.allOpen('recovery (s)');
    },
  };
}
